"""The section ``salesforce`` of app.yaml: how to log in there. Secrets are not among it."""

from typing import Literal

from pydantic import BaseModel, ConfigDict


class SalesforcePart(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, use_attribute_docstrings=True)

    login: Literal["auto", "client_credentials", "jwt_bearer", "refresh_token", "password"] = "auto"
    """which login to use; auto takes the best that the SALESFORCE_ variables suffice for"""
