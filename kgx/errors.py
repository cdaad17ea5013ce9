"""Every message the user can meet, in one place, and the exceptions that carry them.

A message is one line: it names the file (and line, or option) and says what to do.
"""

from __future__ import annotations

from dataclasses import dataclass

EXIT_OK = 0
EXIT_INVALID = 1  # a check found faults: a graph that does not conform, a rule file that is wrong
EXIT_USAGE = 2  # wrong options (click's own)
EXIT_SKIPPED = 3  # done, but some input was skipped; each was named
EXIT_FAILED = 4  # nothing was written
EXIT_INTERRUPTED = 130  # by Ctrl-C or SIGTERM, as shells have it


class KgxError(Exception):
    """A failure that the user can mend; its text is the one line to show."""


class OptionError(KgxError):
    """An option has a value that can't be used; raised before any work is done."""


class RuleError(KgxError):
    """A rule file is wrong; the text begins with `file:line:`."""


@dataclass(frozen=True, slots=True)
class Skip:
    """An input that was left out: which file, which line where there is one, and why."""

    path: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        """`path:line: reason`, as shown to the user."""
        where = self.path if self.line is None else f"{self.path}:{self.line}"
        return f"{where}: {self.reason}"


# -- rules -------------------------------------------------------------------------------------------
RULES_MISSING = "{path}: no such rules folder; give one with --rules, or leave the option out"
RULE_YAML = "{path}:{line}: not valid YAML ({reason}); correct the line"
RULES_REGEX = (
    "{path}: the pattern {pattern!r} of a rule file there is no regular expression ({reason}); correct it"
)
RULE_ALIASES = "its aliases make more than a million values; write them out"
RULE_PATTERN = (
    "{path}:{line}: the pattern {pattern!r} repeats a repeat, or a choice that takes one text in two ways, "
    "and would take for ever on some texts; put a mark between the rounds, or take one of the two away"
)
RULE_FIELD = "{path}:{line}: {where}: {reason}"
RULE_HEADER = "{path}:{line}: the columns are {found}, expected {expected}; correct the header"
RULE_CELLS = "{path}:{line}: {found} cells, expected {expected}; separate cells by one tab"
RULE_ORDER = "{path}:{line}: {name!r} stands after {previous!r}; keep rows sorted by the first column"
RULE_TWICE = "{path}:{line}: {name!r} was defined before at line {previous}; give it once"
LEXICON_KEY = "{path}:{line}: {name!r} has the identity {key} of {other!r}; join the rows"
LEXICON_LOCATED = "{path}:{line}: {name!r} is located in {located!r}, which no row names; add it"

# -- reading -----------------------------------------------------------------------------------------
ENCODING_UNKNOWN = "no encoding is called {name!r}; use a name such as utf-8, gb18030, big5 or utf-16"
ENCODING_WRONG = "is not valid {name}; give the right one with --encoding, or leave the option out"
ENCODING_NONE = "the encoding could not be told; give it with --encoding, or save the file as UTF-8"
BINARY = "is binary data, not text; give text, HTML, Markdown, JSON, JSON Lines or CSV"

# -- records, graph, RDF -----------------------------------------------------------------------------
RECORD_FORM = "{id}: not an extraction as `kgx extract` writes it ({reason}); correct the record"
BASE_IRI = (
    "--base-iri {iri!r}: {reason}; give an absolute IRI that ends in /, such as https://example.org/id/"
)
GRAPH_FORMAT = "{path}: {suffix!r} is no RDF format known here; use .ttl, .trig, .nt, .nq or .jsonld"
GRAPH_PARSE = "{path}{line}: not valid {format} ({reason}); correct the file"
GRAPH_READ = "{path}: can't be read ({reason}); check the path"

# -- the command line --------------------------------------------------------------------------------
CANNOT_READ = "{path}: can't be read ({reason}); check the path and the permissions"
CANNOT_WRITE = "{path}: can't be written ({reason}); choose another folder or file with --output"
SOME_SKIPPED = "{number} skipped, as said above; all else is done"
NOTHING_READ = "no article could be read from {inputs}; nothing was written"
BROKEN_DOCUMENT = "{id}: could not be processed ({reason}); please report it with the article"
BAD_YEARS = "{years!r} is neither a year nor a range of years; write 2022 or 2022-2023"
WRITER_DIED = "a process that writes a file died (out of memory?); run again with --processes 1"
WORKERS_DIED = "a worker process died (out of memory?); run again with fewer --processes"
RULE_NAME = "no rule is called {name!r}; see `kgx rules coverage` for the names"
RULE_UNKNOWN = "{path}: no rule file of that name is known; see `kgx rules list`"

BACKGROUND_NAME = "{path}:{line}: {name!r} is no name of the lexicon's tables; correct it, or add a row there"
LEXICON_COLUMN = "{path}:1: has no column {column!r}; give the table as it was published"
LEXICON_PINYIN = "learning persons needs the package pypinyin: pip install 'kgx-zh[lexicon]'"

# -- evaluation --------------------------------------------------------------------------------------
NOT_JSON = "{path}:{line}: not valid JSON ({reason}); correct the line"
NOT_A_RECORD = "{path}:{line}: not a record with an `id`; give what `kgx extract` writes"
NO_RECORDS = "{path}: no records; give JSON Lines with one annotated document a line"
NO_GOLD_LEFT = "no gold document is left by --stratum and --years"
OTHER_TEXT = "{id}: the predicted text is not the gold text; extract from the gold file itself"


def reason_of(fault: Exception) -> str:
    """A few words on what went wrong, without paths or line breaks."""
    words = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
    return " ".join(words.split()) or type(fault).__name__


LINE_LONG = "the line is longer than {limit} MB; put one document on a line"
FILE_LONG = "is longer than {limit} MB; split it, or give JSON Lines with one document on a line"
TEXT_LONG = "the text has {count} characters, more than {limit}; split it into articles"
TEXT_EMPTY = "holds no text; leave the file out, or fill it"
RECORD_EMPTY = "the field {field!r} is empty; give the article's text"
EXPANDS = "expands to more than {ratio} times its size; unpack it and see what it holds"
GZIP_BAD = "the gzip data is damaged or ends early; fetch the file again"
ZIP_BAD = "the zip archive can't be read ({reason}); fetch it again, or unpack it"
ARCHIVE_NESTED = "is a zip archive within another input or under another name; unpack it, or name it .zip"
UNREADABLE = "can't be read ({reason}); check the path and its permissions"
NO_FILE = "no such file or folder, and no match of the pattern; check the path"
NO_ARTICLES = "holds no articles; give .txt, .html, .md, .json, .jsonl, .csv or .tsv (also .gz, .zip)"
JSON_BAD = "not valid JSON ({reason}, column {column}); correct it"
JSON_DEEP = "the JSON is nested too deeply; give a flat record"
JSON_NOT_OBJECT = 'a record is {kind}, not a JSON object; give {{"id": …, "text": …}}'
CSV_OPEN = "a quotation mark in this row has no end, and takes in all that follows; close it"
CSV_BAD = "not valid CSV ({reason}); correct the row"
CSV_WIDE = "the row has {found} cells, the header {expected}; quote cells that hold commas or line breaks"
FIELD_MISSING = "no field for the text among {found}; name it with --fields text=…"
FIELD_NAMED_MISSING = "no field {field!r} among {found}; correct --fields"
FIELD_NOT_TEXT = "the field {field!r} is {kind}, not text; give a string"
FIELD_NOT_ID = "the field {field!r} is {kind}, no id; give a string or a whole number"
FIELD_NOT_DATE = "the field {field!r} holds {value}, which is no date; write YYYY-MM-DD, or leave it out"
FIELDS_OPTION = "--fields: {item!r} is not of the form name=field, with a name out of {names}"
DATE_OPTION = "--date: {value!r} is no date; write YYYY-MM-DD"
ID_TWICE = "the id {id!r} was used before, by {first}, for another text; give each document its own id"
DOCUMENT_TWICE = "the same document as {first} (id {id!r}); give it once"
HTML_EMPTY = "no article text was found on the page; give the text itself"
FRONT_MATTER = "line {line} of the front matter is not valid YAML; correct it"

# -- words -------------------------------------------------------------------------------------------
SEGMENTER_UNKNOWN = "{name!r}: no such segmenter; take one of {known}"
SEGMENTER_MISSING = "{name}: the package is not installed; install it, or take the other segmenter"
PAGE_RULES_EMPTY = "{path}:1: holds no rules; leave the file out, or copy the shipped one and change it"
PAGE_PATTERN = "{path}:1: the pattern {pattern!r} is no regular expression ({reason}); correct it"

# -- triple stores -----------------------------------------------------------------------------------
STORE_NO_BUILD = "{path}: can't be read ({reason}); give the folder that `kgx build` wrote"
STORE_QUADS = "{path}:{line}: no statement in a named graph; build the folder again"
STORE_NONE = "{path}: holds no store; load the build first: kgx load {path}"
STORE_NEWER = "{path}: made by a newer kgx ({version}, form {form}; this one knows {known}); update kgx"
STORE_BROKEN = "{path}: the store can't be opened ({reason}); remove the folder and load the build again"
STORE_WRITE = (
    "{path}: can't be written ({reason}); free space or mend permissions, and load again; "
    "the store is as it was before"
)
STORE_BUSY = "{path}: another `kgx load` is writing there; wait for it"
STORE_DATA = "{path}: not valid N-Quads ({reason}); build the folder again; the store is as it was before"

# -- the statistical model ---------------------------------------------------------------------------
MODEL_MISSING = (
    "--model {path}: neither a file of kgx train, nor a folder of a spaCy model, nor an installed one; "
    "train or install it, or leave the option out"
)
MODEL_SPACY = "--model {name}: spaCy can't load it ({reason}); install what it needs, or leave the option out"
MODEL_NO_NAMES = "--model {name}: no component of it finds names (it has: {found}); give one with `ner`"
MODEL_TWICE = "--model and --no-model exclude each other; leave one out"
MODEL_ABSENT = "the statistical model was left out of this installation; reinstall kgx, or use --no-model"
MODEL_BAD = "{path}: not a model of kgx ({reason}); train it again with kgx train"
MODEL_FORMAT = "{path}: a model of format {found}, not {expected}; train it again with kgx train"
TRAIN_LINE = "{path}:{line}: not a character and its label, as in 京 B-LOC; correct the line"
TRAIN_KIND = "{path}: neither .jsonl nor .bio (nor one of them in .gz); rename it, or convert it"
TRAIN_RECORD = "{path}:{line}: not a record with `text` and `mentions` or `entities` ({reason}); correct it"
TRAIN_EMPTY = "{path}: no labelled name; give text whose names are labelled"
QUERY_SYNTAX = "{place}: malformed ({reason}); correct the query"
QUERY_UPDATE = "{name}: an update, and this is read-only; ask with SELECT, ASK, CONSTRUCT or DESCRIBE"
QUERY_SERVICE = "{name}: SERVICE is not allowed here; ask each endpoint by itself"
QUERY_LONG = "{name}: the result is longer than {limit}; add LIMIT, or raise the limit"
QUERY_SLOW = "{name}: no whole answer within {seconds:g} s; narrow the query, or raise the time limit"
QUERY_DIED = "{name}: the process that answered it died (out of memory?); narrow the query"
QUERY_FILE = "{path}: can't be read ({reason}); give a query, a file that holds one, or -"
QUERY_FAILED = "{name}: can't be answered ({reason}); correct the query"
QUERY_FORMAT = "--format {format!r} is none of {known}"
PARAM_FORM = "--param {item!r}: not of the form name=value"
ASK_UNKNOWN = "{name!r} is no ready-made question; take one of {known}"
PARAM_UNKNOWN = "{question}: there is no parameter {name!r}; known: {known}"
PARAM_MISSING = "{question}: needs --param {name}=… ({what})"
PARAM_DATE = "--param {name}={value}: not a date; write 2023, 2023-04 or 2023-04-06"
PARAM_NOBODY = "--param {name}={value}: no {types} of that name{hint}; check the name"
PROFILE_UNKNOWN = "--profile {name!r}: no such server is known; take one of {known}"
URL_FORM = "{url!r} is no URL of a server; give one such as http://127.0.0.1:7878"
URL_SECRET = (
    "the URL holds credentials, which others could read; set {user} and {password}, or use a netrc file"
)
NETRC_BAD = "{path}:{line}: not of the form of a netrc file; correct the line"
SERVER_DOWN = "{url}: can't be reached ({reason}); check that the server runs"
SERVER_SLOW = "{url}: no answer within {seconds:g} s; raise --timeout, or see what the server does"
SERVER_AUTH = "{url}: answers {status}; set KGX_STORE_USER and KGX_STORE_PASSWORD, or an entry in ~/.netrc"
SERVER_LARGE = "{url}: answers 413, a graph is too large for it; raise the server's limit on requests"
SERVER_STATUS = "{url}: answers {status} ({reason}); see the server's log"
SERVER_HTML = "{url}: answers {kind}, not results of SPARQL; check the URL, or name the server by --profile"
SERVER_UNION = (
    "the default graph of the server is empty, and questions ask all graphs together ({title}: {quirks})"
)
SERVER_RESULT = "{url}: its answer is not valid ({reason}); see the server's log"
LOAD_BROKEN = "{fault}; {done} of {all} graphs are loaded, and the same command goes on from there"
ASK_WHAT = "name the folder of the build, or --endpoint URL, and a question; see `kgx ask --list`"
QUERY_WHERE = "name the folder of the build, or --endpoint URL, and a query"
SERVE_READ_ONLY = "this endpoint is read-only; load with `kgx load`"
SERVE_ACCEPT = (
    "none of the media types in Accept can be made; take application/sparql-results+json or text/turtle"
)
SERVE_TYPE = "a query is posted as {types}"
SERVE_ONE = "give one query, as the parameter `query`"
SERVE_LARGE = "the request is longer than {limit} KB; shorten the query"
SERVE_UTF8 = "the query is not UTF-8"
SERVE_BUSY = "query: all processes are busy; ask again later"
SERVE_PORT = "{host}:{port}: can't listen there ({reason}); choose another --port"
PARQUET_MISSING = "Parquet needs the package pyarrow: pip install 'kgx-zh[parquet]'"

# -- pictures and measures ---------------------------------------------------------------------------
NO_FONT = (
    "no font with Chinese characters is installed; install one (Debian, Ubuntu: apt install "
    "fonts-noto-cjk; Fedora: dnf install google-noto-sans-cjk-fonts), or give a font file with --font"
)
FONT_BAD = "{path}: can't be used as a font ({reason}); give an OpenType file with Chinese characters"
NO_MATPLOTLIB = "static pictures need matplotlib; install it: pip install matplotlib"
PICTURE_FORM = "{path}: {suffix!r} is no form of picture known here; use .html, .png, .svg or .pdf"
PICTURE_CHART = "{path}: a chart is drawn as .png, .svg or .pdf; give such a file with --output"
CHART_EMPTY = "there are no {what} to draw a chart of; widen --from, --to, --type or --ego"
NOBODY = "{option} {name!r}: the graph has no entity of that name{hint}; check the name"
NOBODY_HINT = " (near it: {names})"
TYPE_UNKNOWN = "{option} {name!r} is none of {known}"
TIME_BAD = "{option} {value!r} is no date; write 2023, 2023-04 or 2023-04-06"
TIME_ORDER = "--to {last} lies before --from {first}; swap them"
PERIODS = "--change {value!r} is no two periods; write 2022:2023 or 2022-01..2022-06:2023-01..2023-06"
PROJECTION = "{name!r} is no projection; take one of {known}"

# -- clusters ----------------------------------------------------------------------------------------
SPARK_MISSING = "kgx spark needs the package pyspark: pip install 'kgx-zh[spark]', and Java 17"
SPARK_START = "Spark can't be started ({reason}); install Java 17, set JAVA_HOME, and see docs/scale.md"
SPARK_FAILED = "Spark failed ({reason}); the same command with --overwrite begins anew"
SPARK_OUTPUT = "{path}: holds something already; give another --output, or --overwrite"
SPARK_CONF = "--conf {item!r} is not of the form name=value"

# -- who is who --------------------------------------------------------------------------------------
DECISION_CIRCLE = "{path}:{line}: the merges go round in a circle at {entity}; take one of them out"
DECISION_WRONG = "{entity} and {target}: give two different things of one type, such as person/李明"
DECISION_IDS = (
    "{entity} is {qid}, and {target} is {other}: two identities are not one; give another, or split one off"
)
DECISION_NONE = "{name!r}: {path} has no {decision} of it{hint}"
DECISION_NONE_HINT = "; it has those of {keys}"
DECISION_IDLE = (
    "{place}: no document names {entity} by itself, so that the merge does nothing; give a key of "
    "`kgx entities`, or take it back with --undo"
)
DECISION_PARTED = (
    "{place}: what had the key {name} has {keys} now, so that the merge of {entity} into {target} misses it; "
    "merge anew, with the key that is meant, and take this one back with --undo"
)
DECISION_MIXED = (
    "{place}: {keys} has the name of {name}, too, into which {entity} is merged; documents that do not say "
    "whom they mean ({number}) count for {name}; split off those that mean another"
)
DECISION_IDLE_IN = (
    "{place}: the document {document!r} does not name {entity}, so that the split does nothing; give a key "
    "of `kgx entities`, or take it back with --undo"
)
DECISIONS_IDLE = "{number} more decisions do nothing"
DECIDED_MERGE = "{entity} is {target} from the next `kgx build` on"
DECIDED_SPLIT = "{entity} is {target} in {documents} from the next `kgx build` on"
UNDONE_MERGE = "{entity} is no longer {target} from the next `kgx build` on"
UNDONE_SPLIT = "{entity} is no longer {target} in {documents} from the next `kgx build` on"
MERGE_TARGET = "name the entity that {entity!r} is, or take that decision back with --undo"
SPLIT_TARGET = "name the documents (-d) and what {entity!r} is there (--as), or take that back with --undo"
SPLIT_TYPE = "--as {target}: {entity} is no {kind}; give a name, or a key of its own type"
ENTITY_NONE = "{name!r}: no entity of that key, IRI or name; see `kgx entities`"
ENTITY_MANY = "{name!r}: several entities are called so; give the key of one: {keys}"
SPLIT_DOCUMENT = "{key}: the document {name!r} does not name it; see the ids in extractions.jsonl"
STATE_NONE = "{path}: holds no build with its state; make one: kgx build … -o {path}"
DECISION_TURNS = "{entity} can't be merged into {target}: that is merged into it; take that decision out"

# -- builds that go on --------------------------------------------------------------------------------
BUILD_BUSY = "{path}: another `kgx build` is writing there; wait for it"
FORMATS_OPTION = "--formats: {item!r} is none of {known}"
STREAM_OPTIONS = "--stream writes N-Quads into a folder alone: leave --formats and --resume out"
RESUME_NOTHING = "{path}: no interrupted build to go on with; name what to read"
RESUME_STDIN = (
    "{path}: the interrupted build read standard input, which is gone; give the same again: "
    "… | kgx build --resume - -o {path}"
)
RESUME_INPUTS = "name what to read, or go on with an interrupted build: kgx build --resume -o DIR"
INTERRUPTED = "interrupted"
INTERRUPTED_BUILD = (
    "interrupted; what was read is kept in {path}, and `kgx build --resume -o {path}` goes on from there"
)
TOO_SLOW = "{id}: not done after {seconds:g} s; raise --document-timeout, or leave the article out"
WORKERS_SLOW = "{id}: the process that reads it could not be started in time"
WORKER_LOST = "{id}: the process that read it died; please report it with the article"
