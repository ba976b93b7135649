"""Coverage-guided fuzzing of everything that reads what strangers wrote: `python tests/fuzz.py` takes an hour.

Each target runs in a process of its own under atheris (extra `soak`) and starts from the examples in `tests/cases` and
`data/raw`. A refusal by name is fine; any other exception, a slice that does not hold, or ten seconds on one input is
a finding: its input is kept in `build/fuzz/TARGET/`, its trace printed, and the exit status is 1.
"""

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import fuzz_review

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "fuzz"
HOUR = 3600

LONGEST = 4096
"""Bytes of one input: the rules look at a sentence at a time, and longer inputs only make fewer of them."""

WORD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:pPr><w:numPr>'
    b'<w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>%b</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p/>'
    b"</w:tc></w:tr></w:tbl></w:body></w:document>"
)

Target = Callable[[bytes], object]


def _policy(raw: bytes) -> object:
    from pipeline.ingest import from_text

    return from_text("Chính sách bảo mật thông tin cá nhân của khách hàng.\n" + raw.decode("utf-8", "replace"))


def _reader(suffix: str) -> Target:
    def target(raw: bytes) -> object:
        from pipeline.ingest import READERS

        return READERS[suffix](raw, "input")

    return target


def _segment(raw: bytes) -> object:
    from pipeline.segment import segment

    policy = _policy(raw)
    sentences = segment(policy)
    for s in sentences:
        assert policy.text[s.start : s.end] == s.text
    return policy, sentences


def _extract(raw: bytes) -> object:
    from pipeline.entities import extract

    policy, sentences = _segment(raw)
    for e in extract(policy, sentences):
        assert policy.text[e.start : e.end] == e.text
        assert e.value
    return policy


def _chain(raw: bytes) -> object:
    from pipeline.api import analyse, compare, frame

    batch = compare([analyse(_policy(raw).text + "\n")])
    return [frame(batch, table) for table in ("findings", "requirements")]


def _gold(raw: bytes) -> object:
    from pipeline.gold import read_gold

    labels, _, entities = raw.partition(b"\xff")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for kind, content in (("labels", labels), ("entities", entities)):
            (folder / kind).mkdir()
            (folder / kind / "a.tsv").write_bytes(content)
        (folder / "text").mkdir()
        (folder / "text" / "a.txt").write_text("Chúng tôi lưu trữ dữ liệu trong 24 tháng.\n" * 9, encoding="utf-8")
        return read_gold(folder)


def _sources(raw: bytes) -> object:
    from pipeline.sources import discover

    with TemporaryDirectory() as name:
        (Path(name) / "a.txt").write_text("a", encoding="utf-8")
        (Path(name) / "sources.csv").write_bytes(raw)
        return discover(name)


def _docx(raw: bytes) -> object:
    """The input as the document inside a sound archive: noise in the archive itself is refused at its first byte."""
    import docx

    blank, made = BytesIO(), BytesIO()
    docx.Document().save(blank)
    with ZipFile(blank) as source, ZipFile(made, "w") as target:
        for part in source.namelist():
            target.writestr(part, raw if part == "word/document.xml" else source.read(part))
    return _reader(".docx")(made.getvalue())


def _pdf(raw: bytes) -> object:
    """The input as what a page of a sound file draws."""
    import pypdf
    from pypdf.generic import NameObject, StreamObject

    writer, made = pypdf.PdfWriter(), BytesIO()
    page, drawn = writer.add_blank_page(600, 800), StreamObject()
    drawn.set_data(raw)
    page[NameObject("/Contents")] = writer._add_object(drawn)
    writer.write(made)
    return _reader(".pdf")(made.getvalue())


TARGETS: Mapping[str, Target] = {
    **{f"ingest{suffix}": _reader(suffix) for suffix in (".txt", ".md", ".html")},
    "docx": _docx,
    "pdf": _pdf,
    "segment": _segment,
    "extract": _extract,
    "chain": _chain,
    "gold": _gold,
    "sources": _sources,
    **fuzz_review.TARGETS,
}


def fuzz(name: str, seconds: int) -> None:
    """Fuzzes one target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["pipeline"]):
        import pipeline.api
        import pipeline.cli.review
        from pipeline.errors import PipelineError
        from pipeline.review import labelstudio, sheet, verdict_sheet

    assert all((pipeline.api, pipeline.cli.review, labelstudio, sheet, verdict_sheet))

    def one(raw: bytes) -> None:
        with suppress(PipelineError):  # a refusal by name is what bad input gets
            TARGETS[name](raw)

    corpus = KEPT / name / "corpus"
    limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=10", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *limits, "-verbosity=0", f"-artifact_prefix={KEPT / name}/", str(corpus)], one)
    atheris.Fuzz()


def _seeds(name: str) -> None:
    corpus = KEPT / name / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    cases = ROOT / "tests" / "cases"
    files = [*cases.rglob("*"), *(ROOT / "data" / "raw").glob("*")]
    for number, path in enumerate(p for p in files if p.is_file()):
        raw = path.read_bytes()
        if name == "docx":
            raw = WORD % raw.replace(b"&", b"").replace(b"<", b"")[:2000]
        if name == "pdf":
            raw = b"BT /F1 12 Tf 50 700 Td (" + raw[:500] + b") Tj T* 0 -14 Td [(a) 20 (b)] TJ ET"
        if name in fuzz_review.TARGETS:
            raw = fuzz_review.seed(name, raw)
        for at in range(0, min(len(raw), 20 * LONGEST), LONGEST):
            (corpus / f"{number}-{at}").write_bytes(raw[at : at + LONGEST])


def main() -> int:
    """Runs the targets one after another; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(TARGETS)} (default: all)")
    each = HOUR // len(TARGETS)
    parser.add_argument("--seconds", type=int, default=each, help="for each target (default: %(default)s)")
    parser.add_argument("--in-this-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_this_process:
        fuzz(options.targets[0], options.seconds)
    found = []
    for name in options.targets or TARGETS:
        _seeds(name)
        command = [sys.executable, __file__, name, "--seconds", str(options.seconds), "--in-this-process"]
        log = KEPT / name / "log"
        with log.open("wb") as handle:
            failed = subprocess.run(command, cwd=ROOT, stdout=handle, stderr=handle).returncode
        text = log.read_text(encoding="utf-8", errors="replace")
        runs = next((line.split()[-1] for line in text.splitlines() if "number_of_executed_units" in line), "?")
        print(f"{name}: {runs} inputs, {'a finding, see ' + str(log) if failed else 'nothing found'}", flush=True)
        found += [name] if failed else []
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
