"""Feed kgx what no one should: mutated articles, pages, records and rule files.

    python tools/fuzz.py [--count 20000] [--seed 0] [--only articles|rules] [--out outputs/fuzz]

Seeds are the articles of examples/ and the shipped rules; each input is mutated from the seed number and
its own number, so that every one can be made again. An input fails where anything but a KgxError comes
out of it, where it takes more than five seconds, where an offset does not fit its text, or where its graph
is not valid N-Quads or breaks the shapes. What failed is written to the output folder, with the reason; the
status is 1 where there is any.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pyoxigraph

from kgx.errors import KgxError
from kgx.merge import merge
from kgx.model import Document, Extraction
from kgx.nlp.pipeline import extract_document, make_pipeline
from kgx.rdf.validate import validate_file
from kgx.rdf.write import write
from kgx.readers import read
from kgx.rulebook import RuleFolder, load_tsv, load_yaml, shipped_rules
from kgx.rulefiles import schema_of
from kgx.timelimit import Late, time_limit

ROOT = Path(__file__).resolve().parent.parent
LIMIT = 5.0  # seconds for one input
BATCH = 100  # documents of which one graph is made
SHAPES_EVERY = 10  # batches after which one is held against the shapes, which takes longest
RULES_SHARE = 0.2  # of all inputs
PIPELINE_EVERY = 50  # of rule files that load, one is laid over the shipped ones and read with
FORMS = (".txt", ".html", ".md", ".json", ".jsonl", ".csv", ".txt.gz", ".zip")
NASTY = (
    "\x00", "\ufeff", "\u202e", "\u200b", "\ud800", "\u3000", "\r\n", "\n\n\n", "“", "”", "《", "》",
    "（", "(", "、", "。", "，，，", "…", "——", "·" * 40, "A" * 300, "9" * 400, "0月0日", "2月30日",
    "9999年99月99日", "前" * 60, "中" * 200, "外长" * 40, "和" * 80, "的" * 80, "、张三" * 60, "<", ">",
    "&#0;", "&#xD800;", "<!--", "<![CDATA[", "<p>" * 300, "<script>", "]]>", "{", "}", "[" * 200, '"',
    "'", "\\", "\\ud800", ",", "\t", "---\n", "|", "# ", "![](", "```", "𠮷", "😀", "é", "א",
)  # fmt: skip
YAML_NASTY = (
    "\t", ": ", "- ", "[]", "{}", "null", "~", "!!python/name:os.system", "&a ", "*a", "(", ")", "[", "]",
    "(?P<x>", "(a+)+", "{0,99999}", "\\", "|", ">", '"', "'", "#", "---\n", "\n\n", "9" * 30, "-1",
    "true", "é", "中" * 30, "\x00",
)  # fmt: skip


def mutated(text: str, others: list[str], nasty: tuple[str, ...], chance: random.Random) -> str:
    """The text after a few random cuts, repeats, swaps and insertions."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 9))):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 1, 3, 10, 80)))
        kind = chance.randrange(6)
        if kind == 0:
            piece = ""
        elif kind == 1:
            piece = text[start:end] * chance.choice((2, 3, 20))
        elif kind == 2:
            other = chance.choice(others)
            cut = chance.randrange(len(other) + 1)
            piece = other[cut : cut + chance.choice((2, 20, 300))]
        elif kind == 3:
            piece = chance.choice(nasty) + text[start:end]
        elif kind == 4:
            piece = "".join(chance.sample(text[start:end], end - start))
        else:
            piece = chr(chance.choice((chance.randrange(0x20, 0x3000), chance.randrange(0x4E00, 0x9FFF))))
        text = text[:start] + piece + text[end:]
    return text[:20_000]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, or cut off."""
    out = bytearray(data)
    for _ in range(chance.choice((0,) * 12 + (1, 4, 30))):
        if out:
            out[chance.randrange(len(out))] = chance.randrange(256)
    return bytes(out[: chance.randrange(len(out))] if out and chance.random() < 0.02 else out)


def article(texts: list[str], chance: random.Random) -> tuple[str, bytes]:
    """The name and the bytes of one mutated article."""
    form = chance.choice(FORMS)
    text = mutated(chance.choice(texts), texts, NASTY, chance)
    record = {
        "id": chance.choice(("a", text[:5], "")),
        "text": text,
        "date": chance.choice(("2024-03-05", text[:9])),
    }
    if form == ".html" and not text.lstrip().startswith("<"):
        text = (
            f"<html><head><title>{text[:20]}</title></head><body><div><p>{text[20:]}</p></div></body></html>"
        )
    elif form in (".json", ".jsonl"):
        text = json.dumps(record, ensure_ascii=chance.random() < 0.5)
    elif form == ".csv":
        text = f"id,date,text\n1,{record['date']},{text}\n"
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "gb18030", "utf-16"))
    data = text.encode(encoding, "replace" if encoding == "gb18030" else "surrogatepass")
    if form.endswith(".gz"):
        import gzip

        data = gzip.compress(data)
    elif form == ".zip":
        import zipfile

        held = BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(chance.choice(("a.txt", "../a.txt", "a/b.json", text[:9] + ".txt")), data)
        data = held.getvalue()
    return f"x{form}", flipped(data, chance)


def fits(extraction: Extraction) -> None:
    """Raise AssertionError where an offset does not fit the text."""
    text = extraction.document.text
    for mention in extraction.mentions:
        assert 0 <= mention.start < mention.end <= len(text), mention
    for fact in extraction.facts:
        assert text[fact.start : fact.end] == fact.evidence, fact
    for date in extraction.dates:
        assert text[date.start : date.end] == date.surface, date
    last = 0
    for region in extraction.document.regions:
        assert last <= region.start < region.end <= len(text), region
        last = region.end


class Fuzzer:
    """Runs inputs and keeps those that fail."""

    def __init__(self, seed: int, out: Path) -> None:
        """`seed` of all mutations; `out` takes the inputs that fail."""
        self.seed = seed
        self.out = out
        self.failures = 0
        self.work = Path(tempfile.mkdtemp(prefix="kgx-fuzz-"))
        self.nlp = make_pipeline()
        self.extractions: list[Extraction] = []
        self.batches = self.documents = self.refused = 0
        examples = sorted(
            p for p in (ROOT / "examples").iterdir() if p.suffix in (".txt", ".html", ".md", ".json")
        )
        self.texts = [path.read_text(encoding="utf-8", errors="replace") for path in examples]
        rules = shipped_rules()
        self.rules = sorted(
            (path.relative_to(rules), path.read_text(encoding="utf-8"))
            for kind in ("yml", "tsv")
            for path in rules.rglob(f"*.{kind}")
        )

    def articles(self, numbers: range) -> None:
        """Read mutated articles, extract them, and make graphs of them."""
        for number in numbers:
            name, data = article(self.texts, random.Random(f"{self.seed}/{number}"))
            path = self.work / name
            path.write_bytes(data)
            self.guard(number, name, data, lambda path=path, number=number: self.one(path, number))
            path.unlink()
            if len(self.extractions) >= BATCH:
                self.batch(number)
        if self.extractions:
            self.batch(numbers.stop)

    def one(self, path: Path, number: int) -> None:
        """One article to extractions."""
        found: list[Document] = list(read([path]))
        self.refused += not found
        for document in found:
            extraction = extract_document(self.nlp, document)
            fits(extraction)
            self.documents += 1
            self.extractions.append(extraction)

    def batch(self, number: int) -> None:
        """One graph of the last extractions, parsed and held against the shapes."""
        graph = merge(self.extractions, mentions=True)
        out = BytesIO()
        write(graph, out, "nquads")
        try:
            for _ in pyoxigraph.parse(out.getvalue(), format=pyoxigraph.RdfFormat.N_QUADS):
                pass
            self.batches += 1
            if self.batches % SHAPES_EVERY == 1:
                path = self.work / "graph.ttl"
                with path.open("wb") as stream:
                    write(graph, stream, "turtle")
                if faults := validate_file(path):
                    raise AssertionError(str(faults[0]))
        except Exception:
            self.keep(number, "graph.nq", out.getvalue(), traceback.format_exc())
        self.extractions.clear()

    def rule_files(self, numbers: range) -> None:
        """Load mutated rule files, and read a text with some of those that load."""
        loaded = 0
        for number in numbers:
            chance = random.Random(f"{self.seed}/rules/{number}")
            name, text = chance.choice(self.rules)
            others = [other for _, other in self.rules]
            body = mutated(text, others, YAML_NASTY, chance)[: len(text) + 5000] if len(text) < 20_000 else ""
            if not body:  # a long table: some of its rows
                rows = text.splitlines(keepends=True)
                body = mutated("".join(rows[:40]), others, YAML_NASTY, chance)
            data = body.encode("utf-8", "surrogatepass")
            folder = self.work / "rules"
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(data)

            def work(folder: Path = folder, name: Path = name) -> None:
                nonlocal loaded
                schema = schema_of(name.as_posix())
                assert schema is not None
                load = load_tsv if name.suffix == ".tsv" else load_yaml
                load(folder / name, schema)
                loaded += 1
                if loaded % PIPELINE_EVERY == 0:
                    nlp = make_pipeline(RuleFolder(folder), model=False)
                    for document in read([ROOT / "examples" / "sco-2024.txt"], rules=RuleFolder(folder)):
                        extract_document(nlp, document)

            self.guard(number, name.name, data, work)
            shutil.rmtree(folder)

    def guard(self, number: int, name: str, data: bytes, work: Callable[[], None]) -> None:
        """Run one input; a refusal that the user can mend is no failure."""
        if number % 1000 == 0:
            print(f"at input {number}, {self.failures} failed", file=sys.stderr, flush=True)
        try:
            with time_limit(LIMIT, processor=True):
                work()
        except KgxError as fault:
            self.refused += 1
            if "\n" in str(fault):
                self.keep(number, name, data, f"a message of several lines: {fault}")
        except Late:
            self.keep(number, name, data, traceback.format_exc())
        except Exception:
            self.keep(number, name, data, traceback.format_exc())

    def keep(self, number: int, name: str, data: bytes, reason: str) -> None:
        """Write an input that failed, and why."""
        self.failures += 1
        folder = self.out / f"{self.seed}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
        (folder / "reason.txt").write_text(reason, encoding="utf-8", errors="replace")
        print(f"{folder / name}: {reason.strip().splitlines()[-1]}", flush=True)


def main() -> None:
    """Run, and say how it went."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--start", type=int, default=0, help="number of the first input")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", choices=("articles", "rules"))
    parser.add_argument("--out", type=Path, default=ROOT / "outputs" / "fuzz")
    options = parser.parse_args()
    fuzzer = Fuzzer(options.seed, options.out)
    rules = {"articles": 0, "rules": options.count}.get(options.only, int(options.count * RULES_SHARE))
    fuzzer.rule_files(range(options.start, options.start + rules))
    fuzzer.articles(range(options.start, options.start + options.count - rules))
    shutil.rmtree(fuzzer.work)
    print(
        f"{options.count} inputs: {fuzzer.documents} documents in {fuzzer.batches} graphs, "
        f"{fuzzer.refused} refused, {fuzzer.failures} failed"
    )
    sys.exit(bool(fuzzer.failures))


if __name__ == "__main__":
    main()
