"""Feeds of every format, with postings invented here, and ways to undo an annotation.

Each document is written as its format has it; the postings are what must be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from roleclf.feeds.document_bytes import DocumentBytes
from roleclf.feeds.reading import read_feed
from roleclf.records import Posting

HTML = "<p>You build a pipeline for our ferry tickets.</p><ul><li>SQL</li></ul>"
ESCAPED = HTML.replace("<", "&lt;").replace(">", "&gt;")
PLAIN = "You build a pipeline for our ferry tickets.\nSQL"
TAGS = ["data science", "machine learning"]
ADDED = re.compile(
    r'<(?:\w+:)?category (?:domain|scheme)="urn:roleclf:role".*?(?:category>|/>)'
    r'|<annotation xmlns="urn:roleclf:annotation:1">.*?</annotation>',
    re.S,
)
# Terms of schema.org with our mark, tags of the two roles there are, lists of them.
ADDED_IN_JSON = (
    re.compile(r'(?:, )?\{"@type": "(?:CategoryCode|DefinedTerm)"[^{}]*"urn:[^{}]*\}'),
    re.compile(r', "(?:data_engineer|other)"(?=\s*\])'),
    re.compile(r'(?<=\[)"(?:data_engineer|other)"(?=\])'),
    re.compile(r', "(?:occupationalCategory|skills|tags)": \[\]'),
)


class Sample(NamedTuple):
    """A document, the name of its format, and the postings in it."""

    format: str
    document: str
    postings: list[Posting]


def dumped(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def item(*inner: str, tag: str = "item") -> str:
    return f"<{tag}>\n    {''.join(inner)}\n  </{tag}>"


def rss(*items: str, spaces: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"{spaces}>'
        f"<channel><title>Jobs: all</title>{''.join(items)}</channel></rss>\n"
    )


DATA_ENGINEER = Posting("Data Engineer", HTML, "7")
JOB = {"title": "Data Engineer", "description": HTML}

SAMPLES = (
    Sample(
        "jsonld",
        dumped({"@type": "JobPosting", **JOB, "identifier": {"value": 7}}),
        [DATA_ENGINEER],
    ),
    Sample(
        "jsonld",
        dumped([{"@type": ["Thing", "https://schema.org/JobPosting"], **JOB}]),
        [Posting("Data Engineer", HTML)],
    ),
    Sample(
        "jsonld",
        dumped(
            {
                "@context": "https://schema.org",
                "@graph": [
                    {"@type": "Organization", "name": "Ferro"},
                    {
                        "@type": "JobPosting",
                        "@id": "#1",
                        "title": "Data Engineer",
                        "description": "You build a pipeline for our ferry tickets.",
                        "qualifications": "<p>SQL</p>",
                        "occupationalCategory": "15-1299 Fortune Tellers",
                        "skills": ["crystal balls"],
                    },
                ],
            }
        ),
        [Posting("Data Engineer", f"{PLAIN[:-4]}\nQualifications\nSQL", "#1")],
    ),
    Sample(
        "jsonfeed",
        dumped(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Jobs",
                "items": [
                    {"id": "7", "title": "Data Engineer", "content_html": HTML},
                    {
                        "id": "8",
                        "title": "Baker",
                        "content_text": "Bread",
                        "tags": ["x"],
                    },
                ],
            }
        ),
        [DATA_ENGINEER, Posting("Baker", "Bread", "8")],
    ),
    Sample(
        "jsonfeed",
        dumped(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "items": [
                    {
                        "id": "7",
                        "title": "Data Engineer",
                        "content_html": HTML,
                        "_jobposting": {"@type": "JobPosting", **JOB},
                    }
                ],
            }
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "greenhouse",
        dumped(
            {
                "jobs": [
                    {
                        "absolute_url": "https://example.com/7",
                        "internal_job_id": 1,
                        "id": 7,
                        "title": "Data Engineer",
                        "content": ESCAPED,
                    }
                ],
                "meta": {"total": 1},
            }
        ),
        [Posting("Data Engineer", ESCAPED, "7")],
    ),
    Sample(
        "lever",
        dumped(
            [
                {
                    "id": "7",
                    "text": "Data Engineer",
                    "hostedUrl": "https://example.com/7",
                    "categories": {"team": "Data Science"},
                    "description": "<div>We run ferries.</div>",
                    "descriptionPlain": "We run ferries.",
                    "lists": [
                        {"text": "You bring", "content": "<li>SQL</li><li>dbt</li>"},
                        {"text": "You do", "content": "<li>a pipeline</li>"},
                    ],
                    "additional": "<b>Apply by post.</b>",
                    "additionalPlain": "Apply by post.",
                }
            ]
        ),
        [
            Posting(
                "Data Engineer",
                "We run ferries.\nYou bring\nSQL\ndbt\nYou do\na pipeline\n"
                "Apply by post.",
                "7",
            )
        ],
    ),
    Sample(
        "lever",
        dumped(
            {
                "text": "Data Engineer",
                "applyUrl": "https://example.com/7",
                "opening": "<p>A pipeline</p>",
                "descriptionBody": "<p>SQL</p>",
                "descriptionBodyPlain": "SQL",
            }
        ),
        [Posting("Data Engineer", "A pipeline\nSQL")],
    ),
    Sample(
        "ashby",
        dumped(
            {
                "apiVersion": "1",
                "jobs": [
                    {
                        "id": "7",
                        "title": "Data Engineer",
                        "isListed": listed,
                        "jobUrl": "https://example.com/7",
                        "descriptionHtml": HTML,
                        "descriptionPlain": PLAIN,
                    }
                    for listed in (True, False)
                ],
            }
        ),
        [DATA_ENGINEER, DATA_ENGINEER],
    ),
    Sample(
        "workable",
        dumped({"total": 1, "results": [{"shortcode": "7", "title": "Data Engineer"}]}),
        [Posting("Data Engineer", None, "7")],
    ),
    Sample(
        "workable",
        dumped(
            {
                "id": 12,
                "shortcode": "7",
                "title": "Data Engineer",
                "description": "<p>A pipeline.</p>",
                "requirements": "<ul><li>SQL</li></ul>",
                "benefits": "<p>Free ferries.</p>",
            }
        ),
        [
            Posting(
                "Data Engineer",
                "A pipeline.\nRequirements\nSQL\nBenefits\nFree ferries.",
                "7",
            )
        ],
    ),
    Sample(
        "smartrecruiters",
        dumped(
            {
                "id": "7",
                "name": "Data Engineer",
                "jobAd": {
                    "sections": {
                        "qualifications": {"title": "You bring", "text": "<p>SQL</p>"},
                        "jobDescription": {
                            "title": "The job",
                            "text": "<p>A pipeline</p>",
                        },
                        "videos": {"urls": ["https://example.com/film"]},
                    }
                },
            }
        ),
        [Posting("Data Engineer", "The job\nA pipeline\nYou bring\nSQL", "7")],
    ),
    Sample(
        "smartrecruiters",
        dumped(
            {"content": [{"id": "7", "name": "Data Engineer", "releasedDate": "2026"}]}
        ),
        [Posting("Data Engineer", None, "7")],
    ),
    Sample(
        "remoteok",
        dumped(
            [
                {"last_updated": 1, "legal": "Link back to us, title and all."},
                {
                    "slug": "data-engineer",
                    "id": "7",
                    "position": "Data Engineer",
                    "tags": TAGS,
                    "description": HTML + "<br/><br/>Please mention the word **FERRY** "
                    "and tag RMTI= when applying to show you read the job post "
                    "completely (#RMTI=). This is a beta feature to avoid spam "
                    "applicants. So we see that they're human.",
                },
            ]
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "remotive",
        dumped(
            {
                "0-legal-notice": "Link back.",
                "jobs": [
                    {**JOB, "id": 7, "tags": TAGS, "candidate_required_location": "EU"}
                ],
            }
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "arbeitnow",
        dumped({"data": [{**JOB, "slug": "7", "tags": TAGS, "job_types": []}]}),
        [DATA_ENGINEER],
    ),
    Sample(
        "himalayas",
        dumped(
            {
                "jobs": [
                    {
                        **JOB,
                        "guid": "7",
                        "companyName": "Ferro",
                        "excerpt": "A pipeline",
                    }
                ]
            }
        ),
        [replace(DATA_ENGINEER, employer="Ferro")],
    ),
    Sample(
        "jobicy",
        dumped(
            {"jobs": [{"id": 7, "jobTitle": "Data Engineer", "jobDescription": HTML}]}
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "recruitee",
        dumped(
            {
                "offers": [
                    {
                        "id": 7,
                        "title": "Data Engineer",
                        "careers_url": "https://example.com",
                        "description": "<p>A pipeline</p>",
                        "requirements": "<p>SQL</p>",
                    }
                ]
            }
        ),
        [Posting("Data Engineer", "A pipeline\nRequirements\nSQL", "7")],
    ),
    Sample(
        "usajobs",
        dumped(
            {
                "SearchResult": {
                    "SearchResultItems": [
                        {
                            "MatchedObjectId": "7",
                            "MatchedObjectDescriptor": {
                                "PositionTitle": "Data Engineer",
                                "QualificationSummary": "SQL",
                                "UserArea": {
                                    "Details": {
                                        "JobSummary": "We run ferries.",
                                        "MajorDuties": ["A pipeline", "A quay"],
                                    }
                                },
                            },
                        }
                    ]
                }
            }
        ),
        [
            Posting(
                "Data Engineer",
                "We run ferries.\nDuties\nA pipeline\nA quay\nQualifications\nSQL",
                "7",
            )
        ],
    ),
    Sample(
        "json",
        dumped([{"Job Title": "Data Engineer", "body": PLAIN, "ID": 7}, {}]),
        [Posting("Data Engineer", PLAIN, "7"), Posting()],
    ),
    Sample(
        "json",
        dumped({"page": 1, "hits": {"list": [JOB]}}),
        [Posting("Data Engineer", HTML)],
    ),
    Sample(
        "json",
        f"{json.dumps(JOB)}\n\n{json.dumps({'title': 'Baker'})}\n",
        [Posting("Data Engineer", HTML), Posting("Baker")],
    ),
    Sample(
        "rss",
        rss(
            item(
                "<title>Data Engineer</title><category>Data Science</category>",
                f"<description><![CDATA[{HTML}]]></description><guid>7</guid>",
            ),
            "<!-- here be more --><?sort by=date?>",
            item("<title>Baker</title>"),
        ),
        [DATA_ENGINEER, Posting("Baker")],
    ),
    Sample(
        "rss",
        rss(
            item(
                "<title>Data Engineer</title><description>A pip…</description>",
                f"<c:encoded>{ESCAPED}</c:encoded><guid>7</guid>",
            ),
            spaces=' xmlns:c="http://purl.org/rss/1.0/modules/content/"',
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "weworkremotely",
        rss(
            item(
                "<title>Ferro: Data: Engineer</title><region>Anywhere</region>",
                f"<description>{ESCAPED}</description><guid>7</guid>",
            )
        ),
        [Posting("Data: Engineer", HTML, "7")],
    ),
    Sample(
        "teamtailor",
        rss(
            item(
                "<title>Data Engineer</title><remoteStatus>none</remoteStatus>",
                f"<description>{ESCAPED}</description><guid>7</guid>",
                "<tt:department>Machine Learning</tt:department>",
            ),
            spaces=' xmlns:tt="https://teamtailor.com/locations"',
        ),
        [DATA_ENGINEER],
    ),
    Sample(
        "atom",
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Jobs</title><entry>'
        "<title>Data Engineer</title><id>7</id><category term='ML'/>"
        f'<content type="html">{ESCAPED}</content></entry></feed>',
        [DATA_ENGINEER],
    ),
    Sample(
        "atom",
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry>'
        "<a:title>Data Engineer</a:title><a:id>7</a:id><a:content type='xhtml'>"
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>SQL &amp; <b>dbt</b></p></div>'
        "</a:content></a:entry></a:feed>",
        [Posting("Data Engineer", "<div><p>SQL &amp; <b>dbt</b></p></div>", "7")],
    ),
    Sample(
        "indeed",
        "<?xml version='1.0' encoding='utf-8'?><source><publisher/><job>"
        f"<title><![CDATA[Data Engineer]]></title><description>{ESCAPED}</description>"
        "<referencenumber>7</referencenumber><city/></job><job/></source>",
        [DATA_ENGINEER, Posting()],
    ),
    Sample(
        "linkedin",
        "<source><job><partnerJobId>7</partnerJobId><title>Data Engineer</title>"
        f"<description>{ESCAPED}</description><company>Ferro</company></job></source>",
        [replace(DATA_ENGINEER, employer="Ferro")],
    ),
    Sample(
        "personio",
        "<workzag-jobs><position><id>7</id><name>Data Engineer</name><jobDescriptions>"
        "<jobDescription><name>The job</name><value>A pipeline</value></jobDescription>"
        "<jobDescription><name>You bring</name><value>SQL</value></jobDescription>"
        "</jobDescriptions></position></workzag-jobs>",
        [Posting("Data Engineer", "The job\nA pipeline\nYou bring\nSQL", "7")],
    ),
    Sample(
        "xml",
        f"<jobs><job><JobTitle>Data Engineer</JobTitle><body>{ESCAPED}</body>"
        "<id>7</id></job></jobs>",
        [DATA_ENGINEER],
    ),
)


def page(*scripts: str) -> str:
    inner = "".join(
        f'<script type="application/ld+json">{script}</script>' for script in scripts
    )
    return (
        "<!DOCTYPE html>\n<html><head><title>Jobs</title>\n"
        "<script>var a = '<script>'</script>\n<!-- <script type='application/ld+json'>"
        f"{{}}</script> -->{inner}</head><body><p>We run ferries.</body></html>\n"
    )


def without_annotations(text: str) -> str:
    """Return JSON as it was before: the members of ours cut out of the text."""
    parts, at = [], 0
    while match := re.compile('(?:, )?"_roleclf": ').search(text, at):
        parts.append(text[at : match.start()])
        _, at = json.JSONDecoder().raw_decode(text, match.end())
    text = "".join([*parts, text[at:]])
    for addition in ADDED_IN_JSON:
        text = addition.sub("", text)
    return text


def without_elements(text: str) -> str:
    """Return XML without what was added; a tag that had to be opened stays open."""
    return ADDED.sub("", text)


def annotations(text: str) -> list[dict[str, Any]]:
    """Return the annotation objects in a JSON document, in their order."""
    found: list[dict[str, Any]] = []
    for match in re.finditer('"_roleclf": ', text):
        found.append(json.JSONDecoder().raw_decode(text, match.end())[0])
    return found


def read(document: str | bytes, asked: str = "auto") -> tuple[str, list[Posting]]:
    """Return the format of a document, and its postings."""
    feed = read_feed(DocumentBytes.of(document), "feed", asked)
    return feed.format, [posting for part in feed.parts() for posting in part.postings]


def ids(samples: Iterable[Sample]) -> list[str]:
    names = [sample.format for sample in samples]
    return [f"{name}-{names[:n].count(name) + 1}" for n, name in enumerate(names)]
