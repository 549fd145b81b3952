"""Which addresses a page may have: none that leads to this machine or a private network."""

from __future__ import annotations

import pytest
from web_examples import Site, fetcher, names

from rag.errors import NotFetched, SettingsError
from rag.web.address_policy import AddressPolicy, is_public

pytestmark = pytest.mark.slow  # a server on this machine, and waiting


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
def test_a_setting_that_names_nothing_is_reported(wrong: str) -> None:
    with pytest.raises(SettingsError, match="BYLINE_VISIT"):
        AddressPolicy(wrong)


def test_a_host_that_is_not_known() -> None:
    def nobody(host: str, port: int) -> list[str]:
        raise OSError("no such host")

    with pytest.raises(NotFetched, match="not known"):
        fetcher("", nobody).fetch("http://nowhere.example/")
