"""What is looked at for a runner's name may be anything."""

from sensorhub.adapters.sqlite.erase import names_runner
from sensorhub.app.forget import _names

IN_ANOTHER_ENCODING = '{"runner": "Zoë", "note": "with ada"}'.encode("latin-1")


def test_json_that_is_no_utf_8_is_looked_through_as_it_is():
    assert not names_runner(IN_ANOTHER_ENCODING, "Zoë")
    assert _names(IN_ANOTHER_ENCODING, "ada")
    assert not _names(IN_ANOTHER_ENCODING, "bob")
