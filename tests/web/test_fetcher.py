from __future__ import annotations

import gzip
import os
import threading
import time
import zlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from web_examples import Reply, Site, fetcher, names, sites

from rag.errors import NotFetched, SettingsError
from rag.web.address_policy import AddressPolicy, is_public
from rag.web.fetcher import Fetcher
from rag.web.robots import Robots

pytestmark = pytest.mark.slow  # a server on this machine, and waiting

HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.fixture(scope="module")
def servers() -> Iterator[list[Site]]:
    with sites(2) as both:
        yield both


@pytest.fixture
def site(servers: list[Site]) -> Site:
    """It stands for the web."""
    servers[0].reset({"/page": Reply(b"<h1>A page</h1>")})
    return servers[0]


@pytest.fixture
def victim(servers: list[Site]) -> Site:
    """It stands for what this machine offers to itself."""
    servers[1].reset({"/": Reply(b"<h1>A secret</h1>"), "/secret": Reply(b"<h1>A secret</h1>")})
    return servers[1]


LOOPBACK = {
    "plain": "127.0.0.1",
    "name": "localhost",
    "name with a dot": "localhost.",
    "name in capitals": "LOCALHOST",
    "decimal": "2130706433",
    "hexadecimal": "0x7f000001",
    "octal": "017700000001",
    "octal parts": "0177.0.0.1",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1",
    "two parts": "127.1",
    "three parts": "127.0.1",
    "mixed parts": "0x7f.1",
    "another loopback address": "127.0.0.2",
    "nowhere in particular": "0.0.0.0",
    "zero": "0",
    "IPv6": "[::1]",
    "IPv6, written out": "[0:0:0:0:0:0:0:1]",
    "IPv6 nowhere": "[::]",
    "IPv4 in IPv6": "[::ffff:127.0.0.1]",
    "IPv4 in IPv6, hexadecimal": "[::ffff:7f00:1]",
    "IPv4 in IPv6, compatible": "[::127.0.0.1]",
    "6to4": "[2002:7f00:1::]",
    "translated": "[64:ff9b::7f00:1]",
    "full-width digits": "１２７.０.０.１",
    "circled letters": "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "ideographic full stops": "127。0。0。1",
    "percent signs": "%31%32%37.0.0.1",
    "a public name for it": "inside.example",
    "a name for both": "both.example",
}
TABLE = {"inside.example": ["127.0.0.1"], "both.example": ["93.184.216.34", "127.0.0.1"]}


@pytest.mark.parametrize("host", LOOPBACK.values(), ids=LOOPBACK.keys())
def test_no_way_of_writing_it_leads_into_this_machine(host: str, victim: Site) -> None:
    with pytest.raises(NotFetched):
        fetcher("", names(TABLE)).fetch(f"http://{host}:{victim.port}/secret")
    with pytest.raises(NotFetched):
        fetcher("", names(TABLE)).fetch(f"http://{host}/secret")
    assert victim.seen == []


@pytest.mark.parametrize("host", LOOPBACK.values(), ids=LOOPBACK.keys())
def test_nor_does_a_page_that_leads_on_to_it(host: str, site: Site, victim: Site) -> None:
    """The site stands for the web: it alone is named."""
    start = site.redirect("/start", f"http://{host}:{victim.port}/secret")
    with pytest.raises(NotFetched):
        fetcher(f"127.0.0.1:{site.port}", names(TABLE)).fetch(start)
    assert site.seen == ["/start"]
    assert victim.seen == []


def test_these_ways_would_lead_there_if_nothing_were_checked(victim: Site) -> None:
    """The tests above can fail: named, most of the spellings do reach the server."""
    everywhere = f"127.0.0.0/8,0.0.0.0/8,::/96,127.0.0.1:{victim.port},localhost:{victim.port}"
    for host in ("127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "0x7f.1"):
        page = fetcher(everywhere).fetch(f"http://{host}:{victim.port}/secret")
        assert page and b"secret" in page.data
    assert len(victim.seen) == 6


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:{port}/_GET%20/secret",
        "ftp://127.0.0.1:{port}/secret",
        "dict://127.0.0.1:{port}/secret",
        "data:text/html,<h1>x</h1>",
        "javascript:alert(1)",
        "jar:http://127.0.0.1:{port}/secret!/",
        "unix:///tmp/socket",
        "//127.0.0.1:{port}/secret",
        "127.0.0.1:{port}/secret",
        "http://",
        "http:///secret",
        "http://user@public.example:{port}/",
        "http://user:password@public.example:{port}/secret",
        "http://public.example:{port}@127.0.0.1:{port}/secret",
        "http://127.0.0.1:{port}\\@public.example/secret",
        "http://public.example#@127.0.0.1:{port}/secret",
        "http://127.0.0.1:{port}%00.public.example/secret",
        "http://public.example:0/",
        "http://public.example:99999/",
        "http://public.example:-1/",
        "http://[::1%25lo]:{port}/secret",
        "http://[127.0.0.1]:{port}/secret",
        "http://a b/",
        "http://\n127.0.0.1:{port}/secret",
        "http://xn--ls8h.example:{port}\r\nHost: x/",
        "",
    ],
)
@pytest.mark.parametrize("redirected", [False, True])
def test_what_is_no_plain_address_of_the_web_is_not_visited(
    address: str, redirected: bool, site: Site, victim: Site
) -> None:
    table = {"public.example": ["10.0.0.1"]}
    address = address.format(port=victim.port)
    if redirected:
        if "\n" in address or not address:
            pytest.skip("no header can hold it")
        if address == f"127.0.0.1:{victim.port}/secret":
            pytest.skip("relative to the site, it is a page of the site")
        address = site.redirect("/start", address)
    with pytest.raises(NotFetched) as told:
        fetcher(f"127.0.0.1:{site.port}", names(table)).fetch(address)
    assert "\n" not in str(told.value)
    assert victim.seen == []


@pytest.mark.parametrize("port", [21, 22, 25, 6379, 8080, 11434])
def test_an_unusual_port_is_not_visited_even_of_a_public_host(port: int) -> None:
    with pytest.raises(NotFetched, match="BYLINE_VISIT"):
        fetcher("", names({"public.example": ["93.184.216.34"]})).fetch(f"http://public.example:{port}/")


def test_a_name_that_means_another_machine_the_second_time(site: Site, victim: Site) -> None:
    """The first answer is checked and connected to; the next connection asks and checks again."""
    answers, asked = iter([["127.0.0.1"], ["127.0.0.1"]]), list[int]()

    def changing(host: str, port: int) -> list[str]:
        asked.append(port)
        return next(answers)

    start = site.redirect("/start", f"http://changing.example:{victim.port}/secret")
    start = start.replace("127.0.0.1", "changing.example")
    with pytest.raises(NotFetched, match="private"):
        fetcher(f"127.0.0.1:{site.port}", changing).fetch(start)
    assert asked == [site.port, victim.port], (
        "asked once for each connection: what is checked is what is used"
    )
    assert site.seen == ["/start"]
    assert victim.seen == []


def test_the_name_is_not_looked_up_again_between_the_check_and_the_connection(
    site: Site, victim: Site
) -> None:
    answers = iter([["127.0.0.1"]])
    page = fetcher(f"127.0.0.1:{site.port}", lambda *_: next(answers)).fetch(
        f"http://once.example:{site.port}/page"
    )
    assert page and page.data == b"<h1>A page</h1>"
    assert site.headers[0]["host"] == f"once.example:{site.port}"


def test_a_site_whose_robots_txt_leads_into_this_machine(site: Site, victim: Site) -> None:
    site.redirect("/robots.txt", f"{victim.url}/secret")
    with pytest.raises(NotFetched):
        fetcher(f"127.0.0.1:{site.port}").fetch(f"{site.url}/page")
    assert victim.seen == []


def test_the_environments_proxy_is_not_used(
    site: Site, victim: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, victim.url)
    assert fetcher(f"127.0.0.1:{site.port}").fetch(f"{site.url}/page")
    assert victim.seen == []


@pytest.mark.parametrize(
    "address",
    [
        *("10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "100.100.100.200"),
        *("192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.1.1"),
        *("240.0.0.1", "255.255.255.255", "0.0.0.0", "127.255.255.254", "::", "::1", "fe80::1", "fc00::1"),
        *("fd12::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:10.0.0.1", "2002:a00:1::", "::10.0.0.1"),
        *("64:ff9b::a00:1", "64:ff9b:1::1", "2001:0:a00:1::", "100::1"),
    ],
)
def test_what_is_not_public(address: str) -> None:
    from ipaddress import ip_address

    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_what_is_public(address: str) -> None:
    from ipaddress import ip_address

    assert is_public(ip_address(address))


def test_what_a_setting_names_may_be_visited_and_only_that() -> None:
    table = names({"intranet.example": ["10.0.0.5"], "other.example": ["10.0.0.6"]})
    named = AddressPolicy("intranet.example, 192.168.1.0/24, [::1]:8000, 10.9.9.9:8080", table)
    assert named.addresses("intranet.example", 443) == ["10.0.0.5"]
    assert named.addresses("Intranet.Example.", 80) == ["10.0.0.5"]
    assert named.addresses("192.168.1.7", 80) == ["192.168.1.7"]
    assert named.addresses("[::1]", 8000) == ["::1"]
    for host, port in [
        ("other.example", 80),
        ("intranet.example", 8080),
        ("192.168.2.7", 80),
        ("10.0.0.5", 80),
        ("10.9.9.9", 80),
        ("::1", 80),
    ]:
        with pytest.raises(NotFetched):
            named.addresses(host, port)


@pytest.mark.parametrize("wrong", ["http://intranet", "host:port", "[::1", "a/b"])
def test_a_setting_that_names_nothing_is_told(wrong: str) -> None:
    with pytest.raises(SettingsError, match="BYLINE_VISIT"):
        AddressPolicy(wrong)


def test_a_host_that_is_not_known() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(NotFetched, match="not known"):
        fetcher("", nobody).fetch("http://nowhere.example/")


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
def test_a_refusal_is_told_in_one_sentence(site: Site, status: int) -> None:
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
def test_a_damaged_body_is_told(site: Site, body: bytes) -> None:
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


def test_a_server_that_says_nothing_or_nonsense_is_told(site: Site) -> None:
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
