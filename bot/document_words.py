"""What is wrong with a value in a document, and what to do, in words of our own."""

from collections.abc import Mapping

#: Pydantic's kind of complaint → our words and what to do about it.
WORDS: Mapping[str, tuple[str, str]] = {
    "string_type": ("should be text", "write it in quotes"),
    "int_type": ("should be a whole number", "write it in digits, without quotes"),
    "float_type": ("should be a number", "write it in digits, without quotes"),
    "finite_number": ("should be a finite number", "write it in digits"),
    "bool_type": ("should be true or false", "write it without quotes"),
    "date_type": ("should be a day", "write it like 2026-03-09, without quotes"),
    "date_from_datetime_parsing": ("should be a day", "write it like 2026-03-09, without quotes"),
    "list_type": ("should be a list", "one line each, beginning with a dash"),
    "dict_type": ("should be keys and values", "indent them below it, or leave it out"),
    "model_type": ("should be keys and values", "indent them below it, or leave it out"),
}
#: What to do where pydantic's own words say enough of what is wrong.
HINTS: Mapping[str, str] = {
    "string_too_short": "say it in a few words more",
    "string_too_long": "say it in fewer words",
    "greater_than": "write a larger number",
    "greater_than_equal": "write a larger number",
    "less_than": "write a smaller number",
    "less_than_equal": "write a smaller number",
    "too_short": "name one more",
    "too_long": "leave some out",
}
#: Words and hint for what has to look in a certain way, by the end of pydantic's complaint.
SHAPES: Mapping[str, tuple[str, str]] = {
    "'^[A-Z]{3}$'": ("should be three capital letters", "write a currency such as USD"),
    "'^[A-Z]{2}$'": ("should be two capital letters", 'write a country such as "DE", in quotes'),
    "'^[a-z][a-z0-9_]*$'": ("should be a plain key", "small letters, digits and _, as in smb_ae"),
    r"'\S'": ("should not be empty", "write what people are to read"),
    "'^https?://'": ("should be an address", "write it whole, beginning with https://"),
}
