"""Labels as JSON of Label Studio (its "Label Studio JSON format of annotated tasks"), in both directions.

One task a policy: `data` has the text and what gold says of the document, `annotations` the labels of people,
`predictions` those of the model, each with its score. A unit is a region of the text with up to three results under
one region id: `labels` (all its categories, the main one first), `kind` (h, s, x) and `main`. Label Studio does not
promise to keep the order of labels, so `main` decides; where it is missing, as in projects set up otherwise, the first
label does. Projects need the labelling interface that `config` gives.

Positions count characters. Label Studio counts as its browser does, in UTF-16 units, which differ behind an emoji: a
region is taken at the place where its own text stands. Entities are not exchanged.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from pipeline.errors import ReviewError
from pipeline.gold import KINDS, MOST_LABELS, GoldDocument
from pipeline.labels import label_ids, labels
from pipeline.review import Reviewed, Source, sound, unit_id
from pipeline.review.labels import Said

Json = Any
UNSAID = "s"
"""Kind of a region that names none: a sentence."""


def config() -> str:
    """The labelling interface of a project, as XML."""
    choices = "\n".join(f"    <Label value={quoteattr(e.id)} hint={quoteattr(e.vi)}/>" for e in labels())
    kinds = "\n".join(f"    <Choice value={quoteattr(kind)} hint={quoteattr(name)}/>" for kind, name in KINDS.items())
    mains = "\n".join(f"    <Choice value={quoteattr(e.id)} hint={quoteattr(e.vi)}/>" for e in labels())
    return f"""<View>
  <Labels name="labels" toName="text" choice="multiple">
{choices}
  </Labels>
  <Text name="text" value="$text" granularity="character"/>
  <Choices name="main" toName="text" perRegion="true" choice="single-radio">
{mains}
  </Choices>
  <Choices name="kind" toName="text" perRegion="true" choice="single-radio">
{kinds}
  </Choices>
</View>
"""


def from_gold(gold: Sequence[GoldDocument]) -> list[Json]:
    """A task with an annotation for each gold document."""
    tasks = []
    for document in gold:
        units: Said = [(u.start, u.end, u.kind, [(label, 1.0) for label in u.labels]) for u in document.units]
        source = Source(
            name=document.doc_id,
            vendor=document.vendor,
            text=document.text,
            origin=document.origin,
            partly=document.partly,
        )
        result = [part for unit in units for part in _region(source, *unit, scored=False)]
        tasks.append({**_task(source), "annotations": [{"result": result, "ground_truth": True}]})
    return tasks


def from_predictions(source: Source, units: Said, model: str) -> Json:
    """A task with what the model says of all units of a policy; its score is the mean of the main labels' scores."""
    result = [part for unit in units for part in _region(source, *unit, scored=True)]
    score = sum(said[0][1] for _, _, _, said in units) / max(1, len(units))
    prediction = {"model_version": model, "score": round(score, 4), "result": result}
    return {**_task(source), "predictions": [prediction]}


def _task(source: Source) -> dict[str, Json]:
    about = {"doc_id": source.name, "vendor": source.vendor, "origin": source.origin}
    return {"data": {"text": source.text, **about, **({"annotated": "partly"} if source.partly else {})}}


def _region(
    source: Source, start: int, end: int, kind: str, said: Sequence[tuple[str, float]], *, scored: bool
) -> list[Json]:
    text = source.text[start:end]
    place = {"start": start, "end": end, "text": text}
    names = [label for label, _ in said]
    about = {
        "id": unit_id(source.name, start, end, text),
        "to_name": "text",
        "origin": "prediction" if scored else "manual",
    }
    score = {"score": said[0][1]} if scored else {}
    return [
        {**about, "from_name": "labels", "type": "labels", "value": {**place, "labels": names}, **score},
        {**about, "from_name": "main", "type": "choices", "value": {**place, "choices": names[:1]}},
        {**about, "from_name": "kind", "type": "choices", "value": {**place, "choices": [kind]}},
    ]


def read(tasks: Json, reviewer: str = "") -> tuple[dict[str, Source], list[Reviewed], list[str]]:
    """Documents, labelled units and refused regions, each with its reason, out of exported tasks.

    Predictions are not read: nobody has looked at them. Raises `ReviewError` where the whole is no export.
    """
    if not isinstance(tasks, list):
        raise ReviewError("Label Studio JSON", "not a list of tasks", "Export the project as JSON")
    sources: dict[str, Source] = {}
    taken: list[Reviewed] = []
    refused: list[str] = []
    for number, task in enumerate(tasks, 1):
        where = f"task {task['id'] if isinstance(task, Mapping) and 'id' in task else number}"
        try:
            source, annotation = _source(where, task), _annotation(where, task)
            if source.name in sources:
                raise ReviewError(where, f"a second task of {source.name}", "Keep one")
        except ReviewError as error:
            refused.append(str(error))
            continue
        sources[source.name] = source
        who = _reviewer(annotation, reviewer)
        regions: dict[str, list[Mapping[str, Json]]] = {}
        for part in _list(annotation.get("result")):
            key = str(part.get("id")) if isinstance(part, Mapping) else ""
            regions.setdefault(key, []).append(part if isinstance(part, Mapping) else {})
        for key, parts in regions.items():
            try:
                taken.append(_unit(f"{where}, region {key or '?'}", source, parts, who))
            except ReviewError as error:
                refused.append(str(error))
    return sources, taken, refused


def _source(where: str, task: Json) -> Source:
    data = task.get("data") if isinstance(task, Mapping) else None
    if not isinstance(data, Mapping) or not isinstance(data.get("text"), str) or not data["text"]:
        raise ReviewError(where, "no text in its data", "Import tasks with the text under data.text")
    name = data.get("doc_id")
    if not isinstance(name, str):
        raise ReviewError(where, f"data.doc_id {name!r} is no name for a file", "Give each task a plain doc_id")
    origin = data.get("origin", "real")
    if origin not in ("real", "authored"):
        raise ReviewError(where, f"origin {origin!r}", "Write real or authored")
    partly = data.get("annotated") == "partly"
    vendor = " ".join(str(data.get("vendor") or name).split()) or name
    return sound(where, Source(name=name, vendor=vendor, text=data["text"], origin=origin, partly=partly))


def _annotation(where: str, task: Mapping[str, Json]) -> Mapping[str, Json]:
    done = [a for a in _list(task.get("annotations")) if isinstance(a, Mapping) and not a.get("was_cancelled")]
    sure = [a for a in done if a.get("ground_truth")]
    if len(done) > 1 and len(sure) != 1:
        raise ReviewError(where, f"{len(done)} annotations", "Mark one as ground truth")
    if not done:
        raise ReviewError(where, "no annotation", "Annotate it, or leave it out of the export")
    return (sure or done)[0]


def _list(value: Json) -> Sequence[Json]:
    return value if isinstance(value, list) else []


def _reviewer(annotation: Mapping[str, Json], given: str) -> str:
    by = annotation.get("completed_by")
    if given:
        return given
    if isinstance(by, Mapping):
        return str(by.get("email") or by.get("id") or "")
    return f"Label Studio user {by}" if by is not None else "Label Studio"


def _unit(where: str, source: Source, parts: Sequence[Mapping[str, Json]], who: str) -> Reviewed:
    said: dict[str, list[str]] = {}
    value: Mapping[str, Json] = {}
    for part in parts:
        value = part["value"] if isinstance(part.get("value"), Mapping) else {}
        names = value.get("labels") or value.get("choices") or []
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ReviewError(where, f"{names!r} are no labels", "Use the labelling interface of docs/review.md")
        said[str(part.get("from_name"))] = names
    start, end = _place(where, source.text, value)
    chosen = said.get("labels") or []
    main = (said.get("main") or chosen)[:1]
    chosen = list(dict.fromkeys([*main, *chosen]))
    unknown = [label for label in chosen if label not in label_ids()]
    if unknown or not 1 <= len(chosen) <= MOST_LABELS:
        cause = f"unknown label {unknown[0]!r}" if unknown else f"{len(chosen)} labels"
        raise ReviewError(where, cause, f"Give one to {MOST_LABELS} categories of the guide")
    kind = (said.get("kind") or [UNSAID])[0]
    if kind not in KINDS:
        raise ReviewError(where, f"unknown kind {kind!r}", f"Use one of {', '.join(KINDS)}")
    return Reviewed(
        document=source.name,
        start=start,
        end=end,
        kind=kind,
        labels=tuple(chosen),
        reviewer=who,
        comment="",
        where=where,
    )


def _place(where: str, text: str, value: Mapping[str, Json]) -> tuple[int, int]:
    """Where a region stands, in characters, whether it counts them or UTF-16 units."""
    start, end, words = value.get("start"), value.get("end"), value.get("text")
    if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
        raise ReviewError(where, f"{start!r}..{end!r} is no span", "Label stretches of the text")
    units = text.encode("utf-16-le")
    counted = [len(units[: 2 * at].decode("utf-16-le", "ignore")) for at in (start, end)]
    spans = [(first, last) for first, last in ((start, end), (counted[0], counted[1])) if last <= len(text)]
    wanted = None if words is None else str(words).replace("\\n", "\n")
    for same in (str, _words):  # Label Studio may trim and join white space
        for first, last in spans:
            if wanted is None or same(text[first:last]) == same(wanted):
                return first, last
    raise ReviewError(
        where, f"{start}..{end} is not where {str(words)[:40]!r} stands", "Export text and labels together"
    )


def _words(text: str) -> str:
    return " ".join(text.split())
