"""/me: a person's own page. It says what her phone would say, and does what her phone would do."""
