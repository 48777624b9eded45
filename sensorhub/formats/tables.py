"""Strides as a table for spreadsheets and statistics programs."""

import csv
import io
from collections.abc import Iterable

from sensorhub.formats.records import event_mapping
from sensorhub.model.gait import Stride

STRIDE_COLUMNS = Stride.__struct_fields__


def strides_csv(strides: Iterable[Stride]) -> str:
    """CSV with a header of the contract's names; unknown is empty, flags are joined by a blank.

    Every cell is a number or one of sensorhub's own words, so no cell can be taken for a formula.
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, STRIDE_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for stride in strides:
        row = event_mapping(stride)
        del row["type"]
        writer.writerow(row | {"flags": " ".join(row["flags"])})
    return text.getvalue()
