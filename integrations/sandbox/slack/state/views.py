from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from integrations.sandbox.slack.state.values import View

#: Slack lets an app put two more views on top of the first.
STACK_LIMIT = 3


class ViewDesk:
    """The home view and the stack of modals of each person. Guarded by the workspace's lock."""

    def __init__(self) -> None:
        self._homes: dict[str, View] = {}
        self._stacks: defaultdict[str, list[View]] = defaultdict(list)

    def __iter__(self) -> Iterator[View]:
        yield from list(self._homes.values())
        for stack in list(self._stacks.values()):
            yield from list(stack)

    def find(self, view_id: str) -> View | None:
        return next((view for view in self if view.id == view_id), None)

    def by_external_id(self, external_id: str) -> View | None:
        return next((view for view in self if view.external_id == external_id), None)

    def home_of(self, person: str) -> View | None:
        return self._homes.get(person)

    def stack_of(self, person: str) -> tuple[View, ...]:
        return tuple(self._stacks[person])

    def modal_of(self, person: str) -> View | None:
        """The modal on top, which is the only one the person sees."""
        stack = self._stacks[person]
        return stack[-1] if stack else None

    def publish(self, view: View) -> View:
        self._homes[view.person] = view
        return view

    def push(self, view: View) -> View:
        stack = self._stacks[view.person]
        if len(stack) >= STACK_LIMIT:
            raise OverflowError(f"no more than {STACK_LIMIT} views on a stack")
        stack.append(view)
        return view

    def open(self, view: View) -> View:
        """Put up a first modal; whatever the person had open is gone."""
        self._stacks[view.person] = [view]
        return view

    def swap(self, view: View) -> View:
        """Put the view in the place of the one with its id. Raises KeyError when it is gone."""
        home = self._homes.get(view.person)
        if home is not None and home.id == view.id:
            return self.publish(view)
        stack = self._stacks[view.person]
        for place, standing in enumerate(stack):
            if standing.id == view.id:
                stack[place] = view
                return view
        raise KeyError(view.id)

    def mark(self, view: View, *, errors: dict[str, str] | None = None, trouble: str = "") -> View:
        return self.swap(replace(view, errors=errors or {}, trouble=trouble))

    def pop(self, person: str) -> View | None:
        stack = self._stacks[person]
        return stack.pop() if stack else None

    def clear(self, person: str) -> tuple[View, ...]:
        return tuple(self._stacks.pop(person, []))
