"""The routes of the own page; each module beside this one adds its own."""

from server.pages.route import Pages

page = Pages("own", __name__)
