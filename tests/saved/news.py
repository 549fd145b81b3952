"""Pages in the manner of news sites, agencies and ministries. Each gives a page as such a site builds one."""

from __future__ import annotations

import json
from html import escape

from saved.writing import (
    Story,
    amid,
    blocks,
    headlines,
    linked_data,
    links,
    long_day,
    meta,
    stamp,
    teasers,
)


def broadcaster(s: Story) -> str:
    """A public broadcaster: components with generated class names, a relative date, promos under the text."""
    w = s.around
    text = '<div data-component="text-block" class="ssrcss-11r1m41-RichTextComponentWrapper"><div class="ssrcss-7uxr49-RichTextContainer"><p class="ssrcss-1q0x1qg-Paragraph">{}</p></div></div>'
    sub = '<div data-component="subheadline-block"><h2 class="ssrcss-y2fd7s-StyledHeading">{}</h2></div>'
    picture = f'<figure class="ssrcss-wpgbih-StyledFigure"><div class="ssrcss-ab5fd8-StyledFigureContainer"><img src="p.webp" alt="{w["caption"]}"><span class="ssrcss-1-ImageCredit">{w["credit"]}</span></div><figcaption><span class="visually-hidden">Image caption, </span>{w["caption"]}</figcaption></figure>'
    inner = f'<div data-component="links-block"><ul role="list">{links(headlines(s)[:2])}</ul></div>'
    lead = text.format(f"<b>{escape(s.lead)}</b>") if s.lead else ""
    promos = teasers(
        s,
        '<li><div type="article"><a href="/n/{0}"><p class="ssrcss-PromoHeadline"><span>{1}</span></p></a><ul><li><span>2 days ago</span></li></ul></div></li>',
    )
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)} - {s.outlet}</title>
{meta(s, dated=False)}{linked_data(s, "ReportageNewsArticle")}</head><body>
<header role="banner"><a class="skip" href="#main-content">Skip to content</a><nav><ul>{links(w["menu"])}</ul></nav></header>
<div id="cookiePrompt" role="region" aria-label="Cookies"><div><h2>Cookies</h2><p>{w["cookies"]}</p><button>{w["accept"]}</button><button>{w["reject"]}</button></div></div>
<main id="main-content"><article class="ssrcss-pv1rh6-ArticleWrapper"><header data-component="headline-block"><h1 id="main-heading" tabindex="-1">{escape(s.title)}</h1></header>
<div data-component="byline-block"><time datetime="{s.at()}">3 days ago</time><div data-testid="share"><button>{w["share"][0]}</button><button>{w["save"]}</button></div><div data-testid="byline">{s.author}</div></div>
{picture}{lead}{amid(blocks(s, text, sub), "", inner, picture)}
<section data-component="topic-list"><ul>{links(w["topics"])}</ul></section></article>
<section data-component="related-stories"><h2>{w["related"]}</h2><ul>{promos}</ul></section>
<section data-component="mostRead"><h2>{w["most"]}</h2><ol>{links(headlines(s))}</ol></section></main>
<footer role="contentinfo"><p>© 2026 {s.outlet}. {w["rights"]}</p></footer></body></html>"""


def daily(s: Story) -> str:
    """A daily paper: a standfirst, both dates in words, boxes amid the text, a newsletter, share buttons."""
    w = s.around
    box = f'<section class="catcher catcher--inner"><p class="catcher__inner"><span class="catcher__label">{w["also"]}</span> <span class="catcher__desc"><a class="js-article-read-also" href="/a/9">{headlines(s)[0]}</a></span></p></section>'
    letter = f'<section class="inread js-services-inread nlinread"><div class="inread__wrapper"><p class="inread__cta">{w["subscribe"]}</p><form><input placeholder="{w["email"]}"><button>OK</button></form></div></section>'
    picture = f'<figure class="article__media"><img src="a.jpg" alt=""><figcaption aria-hidden="true" class="article__legend">{w["caption"]} <span class="article__credit">{w["credit"]}</span></figcaption></figure>'
    share = "".join(f'<li><button type="button">{name}</button></li>' for name in w["share"])
    return f"""<!doctype html><html lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)}</title>{meta(s)}</head><body class="article-page">
<div class="gdpr-popin" id="gdpr"><p>{w["cookies"]}</p><button>{w["reject"]}</button><button>{w["accept"]}</button></div>
<header id="Header"><nav class="Nav"><ul>{links(w["menu"])}</ul></nav></header>
<main role="main"><section class="zone zone--article"><section class="breadcrumb"><ul>{links(w["topics"][:2])}</ul></section>
<article class="article article--content"><header class="article__heading"><h1 class="article__title">{escape(s.title)}</h1>
{f'<p class="article__desc">{escape(s.lead)}</p>' if s.lead else ""}
<section class="meta article__meta"><p class="meta__author">{w["by"]} <a href="/s/c">{s.author or s.outlet}</a></p><p class="meta__publisher"><span class="meta__date">{w["published"]} {long_day(s)}, {w["updated"]} {s.day.day % 28 + 1:02}/12/2025</span></p><p class="meta__reading-time">{w["minutes"]}</p></section>
<ul class="meta__tools toolbar">{share}</ul></header>
{picture}<section class="article__body">{amid(blocks(s, '<p class="article__paragraph">{}</p>', '<h2 class="article__sub-title">{}</h2>'), box, '<div class="dfp-slot"><span>' + w["ad"] + "</span></div>", letter)}
<p class="article__author-description">{w["about"]}</p></section>
<ul class="article__tags">{links(w["topics"])}</ul></article>
<section class="friend"><h3>{w["related"]}</h3>{teasers(s, '<div class="teaser"><a href="/t/{0}"><h3 class="teaser__title">{1}</h3><p class="teaser__desc">{2}</p></a></div>')}</section></section></main>
<footer><p>{w["rights"]}</p><a href="#top">{w["top"]}</a></footer></body></html>"""


def portal(s: Story) -> str:
    """A portal: headline, hour and standfirst, captions in tables, the author's name as the last paragraph."""
    w = s.around
    picture = f'<table align="center" class="tplCaption"><tbody><tr><td><img src="i.jpg"></td></tr><tr><td><p class="Image">{w["caption"]} <em>{w["credit"]}</em></p></td></tr></tbody></table>'
    more = teasers(
        s,
        '<article class="item-news"><h4 class="title_news"><a href="/{0}.html">{1}</a></h4><p class="description"><a href="/{0}.html">{2}</a></p></article>',
    )
    comments = "".join(
        f'<div class="content-comment"><p class="full_content">{c}</p></div>' for c in w["comment"][:2]
    )
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"/><title>{escape(s.title)} - {s.outlet}</title>
<meta name="pubdate" content="{s.at()}"/><meta property="og:title" content="{escape(s.title)}"/><meta property="og:site_name" content="{s.outlet}"/></head><body>
<section class="top-header"><ul class="parent">{links(w["menu"])}</ul></section>
<section class="section page-detail"><div class="container"><div class="sidebar-1"><div class="header-content width_common"><ul class="breadcrumb">{links(w["topics"][:1])}</ul><span class="date">{stamp(s)}</span></div>
<h1 class="title-detail">{escape(s.title)}</h1>{f'<p class="description">{escape(s.lead)}</p>' if s.lead else ""}
<article class="fck_detail">{amid(blocks(s, '<p class="Normal">{}</p>', '<p class="Normal"><strong>{}</strong></p>'), picture, "", '<ul class="list-news" data-campaign="Box-Related">' + links(headlines(s)[:2]) + "</ul>")}
<p class="Normal" style="text-align:right;"><strong>{s.author}</strong></p></article>
<div class="footer-content width_common"><a class="back">{w["top"]}</a><span class="txt_share">{w["share"][0]}</span><div class="social"><a>{w["share"][1]}</a><a>{w["share"][2]}</a></div></div>
<div class="tags"><h4>{w["tags"]}</h4><div class="item-tag">{links(w["topics"], '<a href="/tag/{0}">{1}</a>')}</div></div>
<div id="box_comment"><h3>{w["comments"]}</h3>{comments}</div>
<div class="box-category"><h3>{w["most"]}</h3>{more}</div></div></div></section>
<footer><p>© 1997-2026. {w["rights"]}</p></footer></body></html>"""


def agency(s: Story) -> str:
    """An agency's page of long ago: tables within tables, fonts, no element that means anything."""
    w = s.around
    text = "<br><br>\n".join("&nbsp;&nbsp;&nbsp;&nbsp;" + b for b in blocks(s, "{}", "<b>{}</b>"))
    row = links(w["menu"], '<td class="menu"><a href="/m{0}.htm"><font size="2">{1}</font></a></td>')
    other = links(headlines(s), '<tr><td><font size="2">· <a href="/n{0}.htm">{1}</a></font></td></tr>')
    charset = {"zh": "gb2312", "ru": "windows-1251", "fr": "iso-8859-1"}.get(s.language, "utf-8")
    return f"""<HTML><HEAD><META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset={charset}"><TITLE>{escape(s.title)}_{s.outlet}</TITLE></HEAD>
<BODY BGCOLOR="#FFFFFF"><TABLE WIDTH="778" ALIGN="center"><TR>{row}</TR></TABLE>
<TABLE WIDTH="778" ALIGN="center"><TR><TD WIDTH="560" VALIGN="top"><TABLE WIDTH="100%"><TR><TD ALIGN="center"><FONT SIZE="5"><B>{escape(s.title)}</B></FONT></TD></TR>
<TR><TD ALIGN="center"><FONT SIZE="2" COLOR="#666666">{stamp(s)}&nbsp;&nbsp;{s.outlet}</FONT></TD></TR>
<TR><TD ALIGN="center"><IMG SRC="1.jpg"><BR><FONT SIZE="2">{w["caption"]} {w["credit"]}</FONT></TD></TR>
<TR><TD CLASS="content">{text}</TD></TR>
<TR><TD ALIGN="right"><FONT SIZE="2">[<A HREF="#">{w["print"]}</A>] [<A HREF="#">{w["share"][0]}</A>]</FONT></TD></TR></TABLE></TD>
<TD WIDTH="200" VALIGN="top"><TABLE><TR><TD BGCOLOR="#CCDDEE"><B>{w["related"]}</B></TD></TR>{other}</TABLE></TD></TR></TABLE>
<CENTER><FONT SIZE="2">Copyright &copy; 2001-2026 {s.outlet}. {w["rights"]}</FONT></CENTER></BODY></HTML>"""


def wire(s: Story) -> str:
    """A news agency: paragraphs that are no <p>, a scheduler's date far in the future, credits at the end."""
    w = s.around
    text = '<div data-testid="paragraph-0" class="text__text__1FZLe text__dark-grey__3Ml43 body__full_width__ekUdw">{}</div>'
    sub = '<h2 data-testid="Heading" class="text__text__1FZLe heading__heading_6">{}</h2>'
    ad = (
        f'<div class="ad-slot"><span class="ad-label">{w["ad"]}</span><span>· Scroll to continue</span></div>'
    )
    grid = teasers(
        s,
        '<li><div class="story-card"><a href="/w/{0}"><span>{1}</span></a><time datetime="2026-11-2{0}T10:00Z">2{0} Nov 2026</time></div></li>',
    )
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)} | {s.outlet}</title>
<meta property="og:title" content="{escape(s.title)}"><meta property="article:published_time" content="2099-12-31T00:00:00Z"></head><body>
<header><nav>{links(w["menu"], '<a href="/{0}">{1}</a>')}</nav></header><main><article data-testid="Article">
<h1 data-testid="Heading">{escape(s.title)}</h1><div class="author"><span>{w["by"]} {s.author or s.outlet}</span></div>
<div class="date-line"><span class="date-line__date">{long_day(s)}</span><span>{w["minutes"]}</span></div>
<div class="tools"><button>{w["save"]}</button><button>{w["share"][0]}</button></div>
<div data-testid="primary-image"><img alt="{w["caption"]}"><p data-testid="Body" class="caption">[1/2] {w["caption"]} {w["credit"]}</p></div>
<div class="article-body__content">{text.format(escape(s.lead)) if s.lead else ""}{amid(blocks(s, text, sub), ad, ad)}</div>
<div class="tags-with-title"><span>{w["tags"]}</span><ul>{links(w["topics"])}</ul></div></article>
<section><h2>{w["most"]}</h2><ul>{grid}</ul></section></main><footer>© 2026 {w["rights"]}</footer></body></html>"""


def ministry(s: Story, *, dated: bool = True) -> str:
    """A ministry's press release: breadcrumbs, sizes of letters, a day without a name, contacts beside it."""
    w = s.around
    day = f"{s.day:%d.%m.%Y}" if s.language in ("ru", "fr", "vi") else long_day(s)
    return f"""<!DOCTYPE html><html lang="{s.language}" dir="ltr"><head><meta charset="utf-8" /><meta name="Generator" content="Drupal 10" /><title>{escape(s.title)} | {s.outlet}</title></head><body class="path-node page-node-type-press-release">
<a href="#main-content" class="visually-hidden focusable">Skip to main content</a><div class="region-header"><a href="/">{s.outlet}</a><ul class="menu">{links(w["menu"])}</ul><div class="access">A A A</div></div>
<nav class="breadcrumb" role="navigation"><ol>{links(w["topics"][:2])}</ol></nav>
<main role="main"><h1 class="page-header"><span class="field field--name-title">{escape(s.title)}</span></h1>
<article role="article" class="node node--type-press-release node--view-mode-full">{f'<div class="node__meta"><div class="field field--name-field-date field__item">{day}</div></div>' if dated else ""}
<div class="node__content"><div class="clearfix text-formatted field field--name-body field__item">{amid(blocks(s))}</div>
<div class="field field--name-field-contact"><div class="field__label">Contact</div><div class="field__item">press@office.example<br />+00 1 23 45 67</div></div></div></article>
<div class="social-sharing">{links(w["share"], '<a href="#{0}">{1}</a>')}</div><a href="#" class="print">{w["print"]}</a>
<div class="view-related"><h2>{w["related"]}</h2>{teasers(s, '<div class="views-row"><div class="date">1{0}.11.2026</div><a href="/node/{0}">{1}</a></div>')}</div></main>
<footer><p>{w["updated"]} 24.11.2026</p><p>{s.outlet} © 2026</p></footer></body></html>"""


def bulletin(s: Story) -> str:
    """An office's bulletin: a table of numbers over the text, styles at every paragraph, meta tags of its own."""
    w = s.around
    text = '<p style="text-indent: 2em; font-family: 宋体; line-height: 1.75em;"><span style="font-size: 18px;">{}</span></p>'
    return f"""<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8" /><title>{escape(s.title)}</title>
<meta name="SiteName" content="{s.outlet}" /><meta name="ArticleTitle" content="{escape(s.title)}" /><meta name="PubDate" content="{s.iso} 09:12" /><meta name="ColumnName" content="{w["topics"][0]}" /></head><body>
<div class="top"><div class="nav">{links(w["menu"], '<a href="/{0}">{1}</a>')}</div></div><div class="position">{" > ".join(w["menu"][:3])}</div>
<div class="main"><table class="xxgk" width="100%"><tr><td>No.</td><td>00{len(s.title)}/2024-0{len(s.title)}</td><td>{w["topics"][0]}</td><td>{w["topics"][1]}</td></tr><tr><td>{s.outlet}</td><td>{w["published"]}</td><td>{s.iso}</td><td></td></tr></table>
<div class="title">{escape(s.title)}</div><div class="info">{s.iso} 09:12 {s.outlet} 【A A A】 【{w["print"]}】</div>
<div id="zoom" class="TRS_Editor"><style type="text/css">.TRS_Editor P{{line-height:1.5}}</style>{amid(blocks(s, text, text))}</div>
<div class="bdsharebuttonbox">{links(w["share"], "<a>{1}</a>")}</div><div class="pages"><p>{w["previous"]}:<a href="/1">{headlines(s)[0]}</a></p><p>{w["next"]}:<a href="/2">{headlines(s)[1]}</a></p></div></div>
<div class="foot"><p>{w["rights"]} 00000001-2</p></div></body></html>"""


def single_page(s: Story) -> str:
    """A page drawn by a script that also left it in HTML: a dialogue first, the data twice, hashed names."""
    w = s.around
    state = json.dumps(
        {"props": {"article": {"title": s.title, "body": list(s.blocks), "related": headlines(s)}}},
        ensure_ascii=False,
    )
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charSet="utf-8"/><title>{escape(s.title)} • {s.outlet}</title>{meta(s, dated=False)}</head><body><div id="__next">
<div role="dialog" aria-modal="true" class="css-1xk2"><p>{w["cookies"]}</p><div><button>{w["accept"]}</button></div></div>
<div class="css-mobile" style="display:none"><ul>{links(w["menu"])}</ul><p>{w["subscribe"]}</p></div><header class="css-9ab">{links(w["menu"], '<a href="/{0}">{1}</a>')}</header>
<div class="css-hero"><span class="css-kicker">{w["topics"][0]}</span><h1 class="css-h1">{escape(s.title)}</h1>{f'<p class="css-sub">{escape(s.lead)}</p>' if s.lead else ""}<div class="css-meta"><span>{s.author}</span><span> · </span><time dateTime="{s.at()}">{long_day(s)}</time><span> · {w["minutes"]}</span></div><button>{w["listen"]}</button></div>
<div class="css-body">{amid(blocks(s, '<p class="css-p">{}</p>', '<h3 class="css-h3">{}</h3>'), "", f'<aside class="css-promo"><p>{w["also"]}: <a href="/q">{headlines(s)[1]}</a></p></aside>')}</div>
<div class="css-author-card"><img alt=""/><p>{w["about"]}</p></div>
<div class="css-more"><h2>{w["related"]}</h2><div class="css-grid">{teasers(s, '<a class="css-card" href="/c{0}"><h3>{1}</h3><p>{2}</p><time dateTime="2026-10-1{0}T08:00:00Z">1{0}.10.2026</time></a>')}</div></div>
<footer>© 2026 {s.outlet}</footer></div><script id="__NEXT_DATA__" type="application/json">{state}</script></body></html>"""
