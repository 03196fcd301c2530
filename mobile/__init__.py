"""The phone: a core without a toolkit, and a face that has one."""
