"""Which profile an advertisement fits."""

import re
from collections.abc import Iterable, Sequence

from sensorhub.protocol.profile import Match, Profile


def matches(match: Match, name: str | None, service_uuids: Iterable[str], company_ids: Iterable[int]) -> bool:
    """Tell whether an advertisement fits.

    Any of the name rules is enough, or the service where it is advertised: many sensors do not fit it in, so it is
    never required. A company id, where the profile has one, must be there too.
    """
    if match.company_id is not None and match.company_id not in set(company_ids):
        return False
    if match.service is not None and match.service.lower() in {uuid.lower() for uuid in service_uuids}:
        return True
    if name is None:
        return False
    if any(name.lower().startswith(prefix.lower()) for prefix in match.name_prefix):
        return True
    return match.name_regex is not None and re.search(match.name_regex, name, re.IGNORECASE) is not None


def profile_of(
    profiles: Sequence[Profile], name: str | None, service_uuids: Iterable[str], company_ids: Iterable[int]
) -> Profile | None:
    """Find the first profile that an advertisement fits."""
    services, companies = list(service_uuids), list(company_ids)
    return next((profile for profile in profiles if matches(profile.match, name, services, companies)), None)
