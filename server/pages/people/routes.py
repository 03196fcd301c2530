"""The routes of the people pages; each module beside this one adds its own."""

from server.pages.route import Pages

page = Pages("people", __name__)
