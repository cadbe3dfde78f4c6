"""Poll feeds, and append a line to a file for each new or changed posting.

In: URLs or files, a state, an output. Out: outcomes of polls, lines, annotated feeds.
Must not know: what a format of feeds looks like, or how a posting is annotated.

A poll takes these steps:

1. `scheduling` picks the source that is due; `polling` runs the rest.
2. `fetching` asks for the document if it has changed, through `client`, whose
   `network_guard` connects to public addresses only; `sources` reads files.
3. `feeds` reads the document, `incremental` annotates what `stored_postings` lacks.
4. `state` commits all of it in one transaction.
5. `output` appends the lines, each exactly once.

What libraries could not take over, as of 2026:

- httpx does URLs, cookies and TLS. Only a network backend of httpcore can keep a
  deadline against a server that sends a byte at a time, and `httpx.HTTPTransport` takes
  no backend: hence the transport in `client`. The gzip decoder of httpx takes a body
  that was cut off for a whole one, and does not limit what it expands to.
- safehttpx, drawbridge and egressweave guard against server-side request forgery, but
  are young and have no such deadline; egressweave has a like transport and backend.
- hishel and diskcache commit on their own. If the process were killed after it stored
  the validators of a document, and before its postings, these would never be reported;
  `state` stores both in one transaction.
- tenacity and APScheduler wait within a process. Waits here outlive it, for `--once`
  and cron; they are a column of the state.
- feedparser returns records of its own; here a feed is written back byte for byte.
"""
