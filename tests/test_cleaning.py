"""HTML, Markdown and plain text become the same kind of text."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclf.text.cleaning import clean, clean_batch

MOST_SECONDS = 10

SOUP = st.lists(
    st.sampled_from(
        [
            *("<p>", "</p>", "<b>", "</b>", "<br/>", "<li>", "<div", "<", ">", "<!--"),
            *("-->", "<script>", "</script>", "<td>", "</span><span>", "&amp;", "&lt;"),
            *("p&gt;", "&#233;", "&#0;", "&nbsp;", "&", "**", "*", "_", "`", "[", "]("),
            *(")", "#", "\\", "- ", "\n", "\r\n", "\t", " ", "\xa0", "\u200b", "\0"),
            *("\x7f", "\x1c", "\u2028", "\u3000", "\ud800", "é", "😀", "a", "C++"),
            *("e\u0301", "\ufb01", "𝐃"),
        ]
    )
).map("".join)
PLAIN = st.text(st.sampled_from("abc dé.,;:!?()/+\n\t\r 😀日"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param(None, "", id="none"),
        pytest.param("", "", id="empty"),
        pytest.param(" \n\t ", "", id="blank"),
        pytest.param("a  b\t c \n\n\n d ", "a b c\nd", id="blanks-collapse"),
        pytest.param("a\r\nb\rc\u2028d\x85e\x0bf", "a\nb\nc\nd\ne\nf", id="line-ends"),
        pytest.param("a\xa0b\u2009c\u3000d", "a b c d", id="wide-blanks"),
        pytest.param("\ufeffa\u200bb\u00adc\u2060d", "abcd", id="zero-width"),
        pytest.param("a\n\u200b\nb", "a\nb", id="line-of-nothing-visible"),
        pytest.param("a\0b\x1cc\x7fd", "a b c d", id="control-characters"),
        pytest.param("é\0b\x1cc\x7fd", "é b c d", id="control-characters-beside-é"),
        pytest.param("\ud800", "\ud800", id="lone-surrogate"),
    ],
)
def test_plain_text(source: str | None, text: str) -> None:
    assert clean(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("<p>C++</p><li>Go</li>", "C++\nGo", id="one-line-per-block"),
        pytest.param("<P>UP</P>", "UP", id="capital-tags"),
        pytest.param("<p>a<br>b<br/>c<BR />d", "a\nb\nc\nd", id="br"),
        pytest.param("<p>\n one\n line \n</p>", "one line", id="source-lines-are-not"),
        pytest.param("<div>a<div>b</div>c</div>", "a\nb\nc", id="nested-blocks"),
        pytest.param("<ul><li>a<li>b</ul>c", "a\nb\nc", id="unclosed-items"),
        pytest.param("<b>bold</b>, <i>it</i>.", "bold, it.", id="inline"),
        pytest.param("<p>a <b>b", "a b", id="unclosed"),
        pytest.param("</p>a</div></b>", "a", id="only-ends"),
        pytest.param(
            "<table><tr><td>Go</td><td>R</td></tr><tr><th>C</th></tr></table>",
            "Go\nR\nC",
            id="table-cells",
        ),
        pytest.param("<span>Go</span><span>R</span>", "Go R", id="glued-spans"),
        pytest.param("<b>You</b><em>bring</em>", "You bring", id="glued-bold"),
        pytest.param("<p>Type<b>Script</b></p>", "TypeScript", id="bold-in-a-word"),
        pytest.param("<h2>Tasks</h2>Build it", "Tasks\nBuild it", id="heading"),
        pytest.param("<a href='http://x/?a=1&b=2'>x</a>", "x", id="link"),
        pytest.param("<p title='a > b'>t</p>", "t", id="sign-in-an-attribute"),
        pytest.param("<script>if (a<b) {}</script><p>x", "x", id="script"),
        pytest.param("<style>p {c: d}</style><p>x", "x", id="style"),
        pytest.param("<head><title>T</title></head><p>x", "x", id="head"),
        pytest.param("<p>x<noscript>no</noscript></p>", "x", id="noscript"),
        pytest.param("<p>a<!-- not <b>this</b> -->b</p>", "ab", id="comment"),
        pytest.param("a<!-- not closed", "a", id="open-comment"),
        pytest.param("<p>R&amp;D &lt;3 &eacute;</p>", "R&D <3 é", id="entities"),
        pytest.param("<p>a&nbsp;&#160;b</p>", "a b", id="hard-blanks"),
        pytest.param("<p>C++ &lt;vector&gt;</p>", "C++ <vector>", id="signs-as-text"),
        pytest.param("<p>hi \ud800 you</p>", "hi you", id="lone-surrogate"),
        pytest.param("<x-card><p>in</p></x-card>", "in", id="tag-of-ones-own"),
    ],
)
def test_html(source: str, text: str) -> None:
    assert clean(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("R&amp;D", "R&D", id="without-tags"),
        pytest.param("&#233;t&#xE9; &#x1F600;", "été 😀", id="by-number"),
        pytest.param("AT&T, Q&A; R & D", "AT&T, Q&A; R & D", id="no-entities"),
        pytest.param("&bogus; a & b;", "&bogus; a & b;", id="unknown"),
        pytest.param("Q &copy 2", "Q &copy 2", id="open"),
        pytest.param("&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b", "a\nb", id="escaped-html"),
        pytest.param("&#60;p&#62;a&#x3C;br&#x3E;b", "a\nb", id="escaped-by-number"),
        pytest.param(
            "&lt;p&gt;R&amp;amp;D&lt;/p&gt;&lt;li&gt;Go", "R&D\nGo", id="twice-escaped"
        ),
        pytest.param(
            "<p>Write &lt;p&gt; tags</p>", "Write <p> tags", id="more-live-than-escaped"
        ),
        pytest.param(
            "<div>&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;</div>",
            "a\nb",
            id="more-escaped-than-live",
        ),
    ],
)
def test_entities(source: str, text: str) -> None:
    assert clean(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param("## You\n**dbt** or *SQL*", "You\ndbt or SQL", id="both"),
        pytest.param("***all*** of __it__", "all of it", id="strong"),
        pytest.param("**a\nb**", "a\nb", id="over-two-lines"),
        pytest.param("**Tasks:** build", "Tasks: build", id="bold-lead"),
        pytest.param("* dbt\n* **Go**", "* dbt\n* Go", id="bullets-stay"),
        pytest.param("- a\n- b", "- a\n- b", id="dashes-stay"),
        pytest.param("see [us](https://x.test/a_b)", "see us", id="link"),
        pytest.param("![logo](l.png) us", "logo us", id="image"),
        pytest.param("`dbt` and ```Go```", "dbt and Go", id="code"),
        pytest.param(r"\- 5\+ years\. C\#", "- 5+ years. C#", id="escapes"),
        pytest.param("a\n---\nb\n\n***\nc", "a\nb\nc", id="rules"),
        pytest.param(
            "Skills:\\n- SQL\\r\\nGo\\\\nR",
            "Skills:\n- SQL\nGo\nR",
            id="two-characters",
        ),
        pytest.param("a file in C:\\new", "a file in C:\\new", id="path"),
        pytest.param("snake_case, load_data", "snake_case, load_data", id="snakes"),
        pytest.param("2 * 3 * 4", "2 * 3 * 4", id="times"),
        pytest.param("C# and # 1", "C# and # 1", id="number-sign"),
        pytest.param("<p>**bold** in HTML</p>", "bold in HTML", id="within-html"),
    ],
)
def test_markdown(source: str, text: str) -> None:
    assert clean(source) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a < b and c > d", id="signs"),
        pytest.param("C++ <vector> and List<String>", id="types"),
        pytest.param("write to <jobs@example.com>", id="address"),
        pytest.param("<3 <- -> <= >=", id="arrows"),
        pytest.param("<your name here>", id="placeholder"),
        pytest.param("<", id="one-sign"),
        pytest.param("<<<>>>", id="many-signs"),
    ],
)
def test_what_is_no_tag_stays(text: str) -> None:
    assert clean(text) == text


@given(SOUP)
def test_the_result_is_tidy(source: str) -> None:
    text = clean(source)
    assert text == text.strip()
    assert not any(c in text for c in "\t\r\v\f\0\x7f\x1c\xa0\u200b\u2028\u3000")
    assert "  " not in text
    assert "\n\n" not in text
    assert " \n" not in text
    assert "\n " not in text


@given(PLAIN)
def test_clean_text_is_left_as_it_is(source: str) -> None:
    assert clean(clean(source)) == clean(source)


@given(PLAIN)
def test_plain_text_loses_nothing_but_blanks(source: str) -> None:
    assert clean(source).split() == source.split()


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("<" * 100_000, id="less-than"),
        pytest.param("<p " * 50_000, id="open-tags"),
        pytest.param("<b>" * 30_000, id="bold"),
        pytest.param("</b>" * 30_000, id="ends"),
        pytest.param("<!--" * 30_000, id="comments"),
        pytest.param("<div>" * 5_000 + "x" + "</div>" * 5_000, id="nested"),
        pytest.param("<div>" * 100_000, id="open-blocks"),
        pytest.param("&lt;p&gt;" * 30_000, id="escaped"),
        pytest.param("**a " * 50_000, id="open-emphasis"),
        pytest.param("*a" * 50_000, id="stars"),
        pytest.param("_a " * 50_000, id="underscores"),
        pytest.param("`" * 100_000, id="backticks"),
        pytest.param("[" * 100_000, id="brackets"),
        pytest.param("[a](" * 30_000, id="open-links"),
        pytest.param("# " * 50_000, id="number-signs"),
        pytest.param("\\" * 100_000, id="backslashes"),
        pytest.param(" \n" * 200_000 + "x", id="blank-lines"),
        pytest.param("* " * 50_000 + "x", id="bullets"),
    ],
)
def test_hostile_text_comes_to_an_end(source: str) -> None:
    start = process_time()
    assert len(clean(source)) <= len(source)
    assert process_time() - start < MOST_SECONDS


def test_many_blocks_are_cleaned_as_few_are() -> None:
    head = "<html><head><title>Jobs</title></head><body>"
    block = "<h2>You do</h2><p class='a'>Build <b>SQL</b><ul><li>Go</li><li>R</ul><br/>"
    assert clean(head + block * 3000) == "\n".join([clean(block)] * 3000)


@given(st.lists(st.none() | SOUP, max_size=8))
def test_a_batch_is_cleaned_text_by_text(sources: list[str | None]) -> None:
    assert list(clean_batch(sources)) == [clean(source) for source in sources]
