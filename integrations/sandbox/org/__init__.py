"""A made-up sales organisation, generated from a seed, with stories planted and written down."""

from integrations.sandbox.org.export import write_export
from integrations.sandbox.org.generator import Org, generate
from integrations.sandbox.org.stories import Kind, Story
from integrations.sandbox.org.truth import Truth

__all__ = ["Kind", "Org", "Story", "Truth", "generate", "write_export"]
