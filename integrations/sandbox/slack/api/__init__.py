"""The Web API: ``methods.json`` says what each method asks for, one small function does it."""
