"""Lists that people keep as CSV: `sources.csv`, `documents.csv`."""

import csv
import io
from pathlib import Path

from pipeline.errors import PipelineError


def read_list(path: Path, error: type[PipelineError]) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells by column of each row, none where there is no file. Raises `error` where it is no CSV."""
    if not path.is_file():
        return []
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), strict=True)
        return [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise error(str(path), f"cannot be read as UTF-8 CSV ({cause})", "Save it as CSV, UTF-8") from cause
