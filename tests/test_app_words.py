"""app.yaml may say in words what would fit nobody, or everybody; that is refused."""

from pathlib import Path

import pytest

from tests.test_settings import complaints


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "roles:\n  - {role: smb_ae, title_contains: ' '}",
            "app.yaml:2: this line fits nobody\n"
            "  hint: add `title_contains:` or `crm_role_contains:`",
            id="role-by-an-empty-title",
        ),
        pytest.param(
            "activities:\n  missed_subjects: ['']",
            "app.yaml:2: nothing is written here, which is in every text\n"
            "  hint: write a word, or take the line out",
            id="word-that-is-in-every-subject",
        ),
        pytest.param(
            "definitions: {names_left_out: [' ']}",
            "app.yaml:1: nothing is written here, which is in every text\n"
            "  hint: write a word, or take the line out",
            id="word-that-is-in-every-name",
        ),
        pytest.param(
            "slack:\n  admins:\n    - ada",
            "app.yaml:3: 'ada' is no e-mail address\n"
            "  hint: write the one that they have in the CRM",
            id="admin-by-name",
        ),
        pytest.param(
            "pay: {sees_each_person: ['']}",
            "app.yaml:1: '' is no e-mail address\n  hint: write the one that they have in the CRM",
            id="nobody-sees-pay",
        ),
        pytest.param(
            "slack: {people: {kim@acme.example: '@kim'}}",
            "app.yaml:1: '@kim' is no Slack user id\n"
            "  hint: copy the member id from their profile in Slack; it begins with U or W",
            id="slack-person-by-name",
        ),
        pytest.param(
            "slack: {digest_channels: {dana@acme.example: '<!channel>'}}",
            "app.yaml:1: '<!channel>' is no name of a channel\n"
            "  hint: write it as Slack shows it, such as sales-team",
            id="channel-that-is-none",
        ),
        pytest.param(
            "definitions: {lead_hours: 17:30-09:00}",
            "app.yaml:1: definitions.lead_hours: '17:30-09:00' are no hours; write all, or some "
            'like "09:00-17:30"',
            id="hours-that-end-before-they-begin",
        ),
        pytest.param(
            "organisation: {currency: euro}",
            "app.yaml:1: organisation.currency: should be three capital letters\n"
            "  hint: write a currency such as USD",
            id="currency-by-name",
        ),
    ],
)
def test_words_that_cannot_be_meant_are_refused_with_line_and_hint(
    tmp_path: Path, text: str, said: str
) -> None:
    assert complaints(tmp_path, text) == said


def test_shares_that_are_no_numbers_are_said_to_be_none(tmp_path: Path) -> None:
    shares = "shares: {kim@acme.example: .nan, sam@acme.example: true}"
    said = complaints(tmp_path, f"pay:\n  splits:\n  - record: '006000000000001'\n    {shares}")
    assert "app.yaml:4: pay.splits.0.shares.kim@acme.example: should be a finite number" in said
    assert "app.yaml:4: pay.splits.0.shares.sam@acme.example: should be a number" in said
