"""One simulated Salesforce alone, for programs that know no other Salesforce than the real one."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce.api import Salesforce

from tests.cli.conftest import ROOT, inherited

LAST = "NODE_EXTRA_CA_CERTS"


def test_a_program_reaches_it_by_nothing_but_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Account.csv").write_text("Id,Name\n001000000000001AAA,Acme\n")
    words = [sys.executable, "-m", "bot", "sandbox", "salesforce", "--data", str(tmp_path)]
    told: dict[str, str] = {}
    with subprocess.Popen(  # noqa: S603 -- our own program
        [*words, "--proxy"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=inherited()
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            name, _, value = line.strip().partition("=")
            told[name] = value
            if name == LAST:
                break
        for name, value in told.items():
            monkeypatch.setenv(name, value)
        sf: Any = Salesforce(
            username=told["SALESFORCE_USERNAME"],
            password=told["SALESFORCE_PASSWORD"],
            security_token=told["SALESFORCE_SECURITY_TOKEN"],
        )
        names = [each["Name"] for each in sf.query("SELECT Name FROM Account")["records"]]
        process.terminate()
    assert (sf.sf_instance, names) == ("acme.my.salesforce.com", ["Acme"])
    assert process.returncode == 0
    assert not Path(told[LAST]).exists()
