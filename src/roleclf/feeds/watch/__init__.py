"""Watch feeds: annotate only what is new or changed, tell of each posting once.

Step 6 of the line: feeds that are read again and again. A source travels so:

    source      an address or a file                           `sources`
    document    asked for politely, if new; by safe ways        `fetching`, `connecting`
    feed        read and written back as by `roleclf annotate`  `feeds`
    annotation  remembered, or made                             `recalling`
    state       one transaction for each poll                   `state`
    line        written once, whenever the process is killed    `output`
    next poll   when it is time                                 `series`, `pacing`
"""
