"""The page object that the parts of signing in add their routes to."""

from server.pages.route import Pages

page = Pages("sign_in", __name__)
