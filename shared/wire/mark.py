"""What tells an answer of Wayhome's from one of a network that answers in its place."""

MARK = "Wayhome-Api"
"""A header of every answer of the API, its value the API's version. A login page, a proxy or a test
of whether there is internet answers 200 or 204 too, perhaps in JSON; without this header a phone
takes nothing as done."""

API_VERSION = "1"
