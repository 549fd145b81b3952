from __future__ import annotations

import gzip
import os
import threading
import time
import zlib
from http.server import BaseHTTPRequestHandler

import pytest
from web_examples import Reply, Site, fetcher

from rag.errors import NotFetched
from rag.web.address_policy import AddressPolicy
from rag.web.fetcher import Fetcher
from rag.web.robots import Robots

pytestmark = pytest.mark.slow  # a server on this machine, and waiting

HTML = {"Content-Type": "text/html; charset=utf-8"}


# --- what comes back


def fetch(site: Site, path: str = "/page", **kwargs):
    return fetcher(f"127.0.0.1:{site.port}", **kwargs).fetch(site.url + path)


def test_a_page_and_what_is_asked_the_next_time(site: Site) -> None:
    headers = {**HTML, "ETag": '"one"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    site.routes["/page"] = Reply(b"<h1>A page</h1>", 200, headers)
    page = fetch(site)
    assert (page.url, page.suffix, page.data) == (f"{site.url}/page", ".html", b"<h1>A page</h1>")
    site.routes["/page"] = Reply(b"", 304, {})
    again = fetcher(f"127.0.0.1:{site.port}").fetch(site.url + "/page", page.etag, page.modified)
    assert again is None
    assert site.headers[1]["if-none-match"] == '"one"'
    assert site.headers[1]["if-modified-since"] == "Mon, 02 Nov 2026 10:00:00 GMT"


def test_it_says_who_it_is_and_brings_nothing_along(site: Site) -> None:
    site.routes["/page"] = Reply(b"x", 200, {**HTML, "Set-Cookie": "id=1"})
    seen = fetcher(f"127.0.0.1:{site.port}")
    seen.fetch(site.url + "/page")
    seen.fetch(site.url + "/page")
    for headers in site.headers:
        assert headers["user-agent"].startswith("Byline/")
        assert "cookie" not in headers
        assert "referer" not in headers


def test_redirects_are_followed_and_not_without_end(site: Site) -> None:
    site.redirect("/a", "/b", 301)
    site.redirect("/b", f"{site.url}/page", 308)
    page = fetch(site, "/a")
    assert page.url == f"{site.url}/page"
    site.redirect("/round", "/round")
    with pytest.raises(NotFetched, match="too many times"):
        fetch(site, "/round")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 451, 500, 503])
def test_a_refusal_is_reported_in_one_sentence(site: Site, status: int) -> None:
    site.routes["/page"] = Reply(b"<h1>Sorry</h1>", status)
    with pytest.raises(NotFetched, match=str(status)):
        fetch(site)


def test_what_robots_txt_forbids_is_left_alone(site: Site) -> None:
    rules = (
        b"User-agent: *\nAllow: /\n\nUser-agent: byline\nDisallow: /*.html$\nDisallow: /page\nAllow: /pages/"
    )
    site.routes["/robots.txt"] = Reply(rules, 200, {"Content-Type": "text/plain"})
    site.routes["/pages/one"] = Reply(b"<h1>One</h1>")
    for path in ("/page", "/x.html"):
        with pytest.raises(NotFetched, match=r"robots\.txt"):
            fetch(site, path)
    assert site.seen == []
    assert fetch(site, "/pages/one")
    site.routes["/robots.txt"] = Reply(b"", 500)
    with pytest.raises(NotFetched, match=r"robots\.txt"):
        fetch(site, "/pages/one")


def test_a_large_page_is_given_up_packed_or_not(site: Site) -> None:
    site.routes["/page"] = Reply(os.urandom(200_000))
    with pytest.raises(NotFetched, match=r"0\.1 MB"):
        fetch(site, max_bytes=100_000)
    site.routes["/page"] = Reply(gzip.compress(bytes(200_000)), 200, {**HTML, "Content-Encoding": "gzip"})
    with pytest.raises(NotFetched, match=r"0\.1 MB"):
        fetch(site, max_bytes=100_000)
    assert len(fetch(site, max_bytes=300_000).data) == 200_000


def test_a_bomb_costs_no_more_memory_than_a_page_may(site: Site) -> None:
    import tracemalloc

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(300)) + packer.flush()
    site.routes["/page"] = Reply(bomb, 200, {**HTML, "Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(NotFetched, match="larger"):
        fetch(site, max_bytes=1_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress"])
def test_other_packings_are_refused(site: Site, encoding: str) -> None:
    site.routes["/page"] = Reply(b"x", 200, {**HTML, "Content-Encoding": encoding})
    with pytest.raises(NotFetched, match="compression"):
        fetch(site)


@pytest.mark.parametrize(
    "body", [b"no gzip at all", gzip.compress(b"<h1>x</h1>" * 100)[:30]], ids=["no gzip", "cut off"]
)
def test_a_damaged_body_is_reported(site: Site, body: bytes) -> None:
    site.routes["/page"] = Reply(body, 200, {**HTML, "Content-Encoding": "gzip"})
    with pytest.raises(NotFetched, match="corrupted"):
        fetch(site)


def drip(handler: BaseHTTPRequestHandler, head: bytes, every: float = 0.05) -> None:
    try:
        handler.wfile.write(head)
        for _ in range(400):
            handler.wfile.write(b"x")
            time.sleep(every)
    except OSError:
        pass


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"]
)
def test_a_server_that_drips_is_given_up_in_time(site: Site, head: bytes) -> None:
    site.routes["/page"] = lambda handler: drip(handler, head)
    began = time.monotonic()
    with pytest.raises(NotFetched):
        fetch(site, seconds=1)
    assert time.monotonic() - began < 10, "the whole page would take 20 s"


def test_a_server_that_says_nothing_or_nonsense_is_reported(site: Site) -> None:
    site.routes["/silent"] = lambda handler: time.sleep(3)
    site.routes["/rude"] = lambda handler: handler.wfile.write(b"\x00\xff nonsense\r\n\r\n") and None
    for path in ("/silent", "/rude"):
        with pytest.raises(NotFetched):
            fetch(site, path, seconds=1)


@pytest.mark.parametrize(
    ("content_type", "path", "suffix"),
    [
        ("text/html; charset=utf-8", "/x", ".html"),
        ("application/xhtml+xml", "/x", ".html"),
        ("text/plain", "/x", ".txt"),
        ("TEXT/HTML", "/x.txt", ".html"),
        ("application/octet-stream", "/x.md", ".md"),
        ("", "/x.html", ".html"),
        ("image/png", "/x.html", ""),
        ("application/rss+xml", "/x", ".xml"),
    ],
)
def test_what_it_is_stands_in_the_header(site: Site, content_type: str, path: str, suffix: str) -> None:
    site.routes[path] = Reply(b"x", 200, {"Content-Type": content_type} if content_type else {})
    assert fetch(site, path).suffix == suffix


@pytest.mark.parametrize("charset", ["gb18030", "windows-1251", '"euc-jp"', "utf-8", "no-such-thing"])
def test_the_encoding_of_the_header_counts(site: Site, charset: str) -> None:
    from rag.reading.cleaning.encoding import decode

    known = charset.strip('"') if charset != "no-such-thing" else "utf-8"
    text = {"gb18030": "青石桥通车", "windows-1251": "Мост открыт", "euc-jp": "橋が開通"}.get(known, "Brücke")
    body = f"<p>{text}</p>".encode(known)
    site.routes["/page"] = Reply(body, 200, {"Content-Type": f"text/html; charset={charset}"})
    assert text in decode(fetch(site).data, html=True)


def test_a_site_is_asked_slowly(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from rag.web.fetcher import Fetcher
    from rag.web.robots import Robots

    slow = Fetcher(AddressPolicy(f"127.0.0.1:{site.port}"), Robots(pause=0.3))
    began = time.monotonic()
    threads = [threading.Thread(target=slow.fetch, args=(f"{site.url}/page",)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.seen) == 3
    assert time.monotonic() - began >= 0.6


def test_a_proxy_connects_where_a_setting_names_one_and_private_names_stay_closed(site: Site) -> None:
    """The proxy is asked for whole addresses; it alone knows what public.example is."""
    site.routes["http://public.example/page"] = Reply(b"<h1>Through the proxy</h1>")
    table = {"inside.example": ["10.0.0.1"], "public.example": []}

    def look_up(host: str, port: int) -> list[str]:
        return table[host]

    through = Fetcher(AddressPolicy("", look_up), Robots(pause=0), proxy=site.url)
    page = through.fetch("http://public.example/page")
    assert page is not None and page.data == b"<h1>Through the proxy</h1>"
    site.seen.clear()
    for address in ("http://inside.example/", "http://user:word@public.example/", "ftp://public.example/"):
        with pytest.raises(NotFetched):
            through.fetch(address)
    site.redirect("http://public.example/away", "http://inside.example/")
    with pytest.raises(NotFetched, match="private"):
        through.fetch("http://public.example/away")
    assert not any("inside" in path for path in site.seen)


def test_a_name_that_nobody_resolves_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.web.address_policy._DNS_TIMEOUT_S", 0.1)
    release = threading.Event()

    def asleep(host: str, port: int) -> list[str]:
        release.wait(30)
        return ["127.0.0.1"]

    began = time.monotonic()
    with pytest.raises(NotFetched, match="could not be looked up"):
        fetcher("", asleep).fetch("http://slow.example/")
    assert time.monotonic() - began < 10
    release.set()
