"""Pages in the manner of blogs, letters and wikis, and what tools that save pages make of them."""

from __future__ import annotations

from html import escape

from saved.writing import (
    Story,
    amid,
    bare,
    blocks,
    headlines,
    linked_data,
    links,
    long_day,
    meta,
    teasers,
    week_day,
)


def wordpress(s: Story) -> str:
    """WordPress: captions, share and like buttons, related posts, the author's box, comments, a sidebar."""
    w = s.around
    picture = f'<div id="attachment_7" style="width: 610px" class="wp-caption aligncenter"><img src="w.jpg" alt="" /><p id="caption-attachment-7" class="wp-caption-text">{w["caption"]} {w["credit"]}</p></div>'
    comments = "".join(
        f'<li id="comment-{n}" class="comment"><article class="comment-body"><footer class="comment-meta"><b class="fn">user{n}</b> <time datetime="2026-01-0{n + 1}T10:00:00+00:00">0{n + 1}.01.2026</time></footer><div class="comment-content"><p>{text}</p></div></article></li>'
        for n, text in enumerate(w["comment"][:2])
    )
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="UTF-8"><title>{escape(s.title)} &#8211; {s.outlet}</title><meta name="generator" content="WordPress 6.5" /></head>
<body class="post-template-default single single-post"><div id="page" class="site"><a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header"><p class="site-title"><a href="/">{s.outlet}</a></p><nav id="site-navigation"><ul>{links(w["menu"])}</ul></nav></header>
<div id="content" class="site-content"><main id="main" class="site-main"><article id="post-4711" class="post type-post status-publish hentry">
<header class="entry-header"><h1 class="entry-title">{escape(s.title)}</h1><div class="entry-meta"><span class="posted-on">{w["published"]} <a href="{s.url}"><time class="entry-date published" datetime="{s.at()}">{long_day(s)}</time><time class="updated" datetime="2026-02-03T09:00:00+00:00">03.02.2026</time></a></span><span class="byline"> {w["by"]} <span class="author vcard"><a class="url fn n" href="/author">{s.author or s.outlet}</a></span></span></div></header>
<div class="entry-content">{f"<p><em>{escape(s.lead)}</em></p>" if s.lead else ""}{amid(blocks(s), picture)}
<div class="sharedaddy sd-sharing-enabled"><div class="robots-nocontent sd-block sd-social"><h3 class="sd-title">{w["share"][0]}:</h3><div class="sd-content"><ul>{links(w["share"][1:])}</ul></div></div></div>
<div id="jp-relatedposts" class="jp-relatedposts"><h3 class="jp-relatedposts-headline"><em>{w["related"]}</em></h3>{teasers(s, '<div class="jp-relatedposts-post"><h4><a href="/r{0}">{1}</a></h4><p>{2}</p></div>', 0, 3)}</div></div>
<footer class="entry-footer"><span class="cat-links">{w["categories"]} <a href="/c" rel="category tag">{w["topics"][0]}</a></span><span class="tags-links">{w["tags"]} {links(w["topics"], '<a href="/t{0}" rel="tag">{1}</a>')}</span></footer></article>
<div class="author-box"><h4>{s.author}</h4><p>{w["about"]}</p></div><nav class="navigation post-navigation"><a rel="prev" href="/p">{headlines(s)[3]}</a><a rel="next" href="/q">{headlines(s)[4]}</a></nav>
<div id="comments" class="comments-area"><h2 class="comments-title">{w["comments"]}</h2><ol class="comment-list">{comments}</ol><div id="respond"><h3>{w["comment"][2]}</h3><form><textarea></textarea></form></div></div></main>
<div id="secondary" class="widget-area"><section class="widget widget_recent_entries"><h2>{w["most"]}</h2><ul>{links(headlines(s))}</ul></section><section class="widget"><p>{w["subscribe"]}</p></section></div></div>
<footer class="site-footer">© 2026 {s.outlet}</footer></div></body></html>"""


def blogger(s: Story) -> str:
    """Blogger: the title in an h3, the day over it, breaks instead of paragraphs, an archive beside."""
    w = s.around
    text = "<br /><br />".join(blocks(s, "{}", "<b>{}</b>"))
    lead = f"<i>{escape(s.lead)}</i><br /><br />" if s.lead else ""
    picture = f'<table class="tr-caption-container"><tbody><tr><td><img src="b.jpg" /></td></tr><tr><td class="tr-caption">{w["caption"]}</td></tr></tbody></table><br />'
    return f"""<!DOCTYPE html><html dir='ltr' xmlns='http://www.w3.org/1999/xhtml'><head><meta content='text/html; charset=UTF-8' http-equiv='Content-Type'/><meta content='blogger' name='generator'/><link href='{s.url}' rel='canonical'/><title>{s.outlet}: {escape(s.title)}</title></head><body class='loading'>
<div class='header section'><h1 class='title'><a href='/'>{s.outlet}</a></h1><p class='description'>{w["topics"][0]}, {w["topics"][1]}</p></div>
<div class='main section' id='main'><div class='widget Blog'><div class='blog-posts hfeed'><div class="date-outer"><h2 class='date-header'><span>{week_day(s)}, {long_day(s)}</span></h2><div class="date-posts"><div class='post-outer'><div class='post hentry'><a name='88'></a>
<h3 class='post-title entry-title'>{escape(s.title)}</h3><div class='post-header'></div><div class='post-body entry-content'>{picture}{lead}{text}<div style='clear: both;'></div></div>
<div class='post-footer'><div class='post-footer-line'><span class='post-author vcard'>{w["by"]} <span class='fn'>{s.author}</span></span> <span class='post-timestamp'><a href='{s.url}'><abbr class='published' title='{s.at()}'>06:15</abbr></a></span> <span class='post-labels'>{w["tags"]}: {links(w["topics"], "<a>{1}</a>, ")}</span></div></div></div>
<div class='comments'><h4>{w["comments"]}:</h4><dl>{"".join(f"<dt>x</dt><dd class='comment-body'><p>{c}</p></dd>" for c in w["comment"][:2])}</dl></div></div></div></div></div><div class='blog-pager'><a>{w["next"]}</a> <a>{w["menu"][0]}</a> <a>{w["previous"]}</a></div></div></div>
<div class='sidebar section'><h2>Blog Archive</h2><ul><li>2026 (14)<ul><li>03.05.2026 <a href='/5'>{headlines(s)[0]}</a></li><li>11.02.2026 <a href='/6'>{headlines(s)[1]}</a></li></ul></li></ul></div></body></html>"""


def medium(s: Story) -> str:
    """A place to publish: claps and follow buttons, the day among them, the writer again below, more from her."""
    w = s.around
    text = '<p id="e{{}}" class="pw-post-body-paragraph nb nc">{}</p>'.replace("e{{}}", "e1")
    return f"""<!doctype html><html lang="{s.language}"><head><title data-rh="true">{escape(s.title)} | {w["by"]} {s.author} | Pages</title><meta data-rh="true" property="og:title" content="{escape(s.title)}"/><meta data-rh="true" property="og:site_name" content="Pages"/><meta data-rh="true" property="article:published_time" content="{s.at()}"/>{linked_data(s, "NewsArticle", dateCreated="2024-01-01T00:00:00Z")}</head><body><div id="root"><div class="a b c">
<div class="metabar"><a href="/">Pages</a><a>{w["menu"][6]}</a><span>Write</span></div><article><div class="ab"><section><div><div class="speechify-ignore"><h1 class="pw-post-title">{escape(s.title)}</h1>{f'<h2 class="pw-subtitle-paragraph">{escape(s.lead)}</h2>' if s.lead else ""}
<div class="speechify-ignore ab cp"><a rel="author" href="/@x">{s.author}</a><span>·</span><button>Follow</button><div><span>{w["minutes"]}</span><span>·</span><span data-testid="storyPublishDate">{long_day(s)}</span></div></div><div class="speechify-ignore"><button>142</button><button>8</button><button>{w["listen"]}</button><button>{w["share"][0]}</button></div></div>
<figure><div role="button"><picture><img alt=""/></picture></div><figcaption>{w["caption"]}</figcaption></figure>{amid(blocks(s, text, '<h2 class="nx">{}</h2>'))}</div></section></div></article>
<div class="tags">{links(w["topics"], '<a href="/tag/{0}"><div>{1}</div></a>')}</div><div class="footer-author"><h2>{w["by"]} {s.author}</h2><div>1.2K followers</div><p>{w["about"]}</p></div>
<div class="responses"><h2>{w["comments"]}</h2><pre>{w["comment"][0]}</pre></div><div class="recirc"><h2>{w["related"]}</h2>{teasers(s, '<article><a href="/p{0}"><h2>{1}</h2><h3>{2}</h3></a><span>Nov 1{0}, 2026</span></article>')}</div></div></div><script>window.__APOLLO_STATE__ = {{"ROOT":{{"title":"{escape(s.title)}"}}}}</script></body></html>"""


def letter(s: Story) -> str:
    """A letter to subscribers on the web: a form amid the text, thanks for reading, buttons, a discussion."""
    w = s.around
    form = f'<div class="subscription-widget-wrap" data-component-name="SubscribeWidget"><div class="preamble"><p class="cta-caption">{w["subscribe"]}</p></div><form><input type="email" placeholder="{w["email"]}"/><button>OK</button></form></div>'
    button = f'<p class="button-wrapper" data-component-name="ButtonCreateButton"><a class="button primary" href="/share"><span>{w["share"][0]}</span></a></p>'
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"/><title>{escape(s.title)} - {w["by"]} {s.author or s.outlet}</title>{meta(s, dated=False)}{linked_data(s)}</head><body><div id="entry"><div class="topbar"><a>{s.outlet}</a><button>{w["menu"][6]}</button></div>
<div class="single-post"><article class="typography newsletter-post post"><div class="post-header"><h1 class="post-title published">{escape(s.title)}</h1>{f'<h3 class="subtitle">{escape(s.lead)}</h3>' if s.lead else ""}<div class="byline-wrapper"><div><a href="/@x">{s.author or s.outlet}</a></div><div class="pencraft">{long_day(s)}</div></div><div class="post-ufi"><a class="like-button">27</a><a>4</a><a>{w["share"][0]}</a></div></div>
<div class="available-content"><div dir="auto" class="body markup">{amid(blocks(s, "<p>{}</p>", '<h2 class="header-anchor-post">{}</h2>'), form, "", button)}{button}</div></div></article></div>
<div class="discussion"><h4>{w["comments"]}</h4><div class="comment">{w["comment"][0]}</div></div><div class="portable-archive">{teasers(s, '<div class="post-preview"><a href="/p/{0}">{1}</a><a href="/p/{0}">{2}</a><time datetime="2026-09-0{0}">0{0}.09.2026</time></div>')}</div><div class="footer">© 2026 {s.author or s.outlet}</div></div></body></html>"""


def wiki(s: Story) -> str:
    """MediaWiki: a box of facts, contents, links to edit, numbered references; no day of publication."""
    w = s.around
    sub = (
        '<div class="mw-heading mw-heading2"><h2 id="a">{}</h2><span class="mw-editsection"><span>[</span><a>'
        + w["edit"]
        + "</a><span>]</span></span></div>"
    )
    text = '<p>{}<sup class="reference"><a href="#n1"><span>[</span>1<span>]</span></a></sup></p>'
    heads = [bare(b) for b in s.blocks if b.startswith("## ")]
    contents = (
        f'<div id="toc" class="toc" role="navigation"><div class="toctitle"><h2>{w["contents"]}</h2></div><ul>{links(heads)}</ul></div>'
        if heads
        else ""
    )
    return f"""<!DOCTYPE html><html class="client-nojs" lang="{s.language}" dir="ltr"><head><meta charset="UTF-8"><title>{escape(s.title)} — {s.outlet}</title><meta name="generator" content="MediaWiki 1.42"></head><body class="mediawiki ltr ns-0 ns-subject page-x rootpage-x skin-vector action-view">
<div class="vector-header-container"><header><nav><ul>{links(w["menu"])}</ul></nav></header></div><div class="mw-page-container"><div id="mw-navigation"><ul>{links(w["menu"])}</ul></div><main id="content" class="mw-body"><h1 id="firstHeading" class="firstHeading mw-first-heading"><span class="mw-page-title-main">{escape(s.title)}</span></h1>
<div id="bodyContent" class="vector-body"><div id="siteSub" class="noprint">{s.outlet}</div><div id="mw-content-text" class="mw-body-content"><div class="mw-content-ltr mw-parser-output" lang="{s.language}" dir="ltr"><table class="infobox"><tbody><tr><th colspan="2" class="infobox-above">{escape(s.title[:20])}</th></tr><tr><th scope="row">{w["topics"][0]}</th><td>7,2</td></tr><tr><th scope="row">{w["topics"][1]}</th><td>14</td></tr></tbody></table>
{amid(blocks(s, text, sub), contents)}
<div class="reflist"><ol class="references"><li id="n1"><span class="mw-cite-backlink">^</span> <span class="reference-text">{headlines(s)[2]}. 12.01.2019.</span></li></ol></div><div role="navigation" class="navbox"><table><tr><td>{links(w["topics"], "<a>{1}</a> · ")}</td></tr></table></div></div></div>
<div id="catlinks" class="catlinks">{w["categories"]}: <ul>{links(w["topics"])}</ul></div></div></main><footer id="footer"><ul><li id="footer-info-lastmod">{w["updated"]} 09.04.2026, 12:44</li></ul></footer></div></body></html>"""


def amp(s: Story) -> str:
    """AMP: elements of its own for pictures, consent, advertisements and share buttons."""
    w = s.around
    picture = f'<amp-img src="a.jpg" width="600" height="400" layout="responsive" alt="{w["caption"]}"></amp-img><p class="amp-wp-caption caption">{w["caption"]} {w["credit"]}</p>'
    share = "".join(
        f'<amp-social-share type="x{n}" aria-label="{t}"></amp-social-share>'
        for n, t in enumerate(w["share"])
    )
    return f"""<!doctype html><html amp lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)}</title><link rel="canonical" href="{s.url}"><style amp-custom>.x{{color:#fff}} .promo-off{{display:none}}</style>{linked_data(s)}</head><body>
<amp-consent id="c" layout="nodisplay"><div id="ui"><p>{w["cookies"]}</p><button on="tap:c.accept">{w["accept"]}</button></div></amp-consent><amp-sidebar id="s" layout="nodisplay"><ul>{links(w["menu"])}</ul></amp-sidebar>
<header class="amp-header">{s.outlet}</header><article class="amp-article"><header><h1>{escape(s.title)}</h1><p class="byline">{w["by"]} {s.author or s.outlet}</p><p class="when">{long_day(s)}</p></header>{picture}{f"<p><strong>{escape(s.lead)}</strong></p>" if s.lead else ""}{amid(blocks(s), '<amp-ad width="300" height="250" type="x"><div fallback>' + w["ad"] + "</div></amp-ad>", f'<p class="promo-off">{w["subscribe"]}</p>')}{share}</article>
<section class="more"><h3>{w["also"]}</h3>{teasers(s, '<a href="/amp/{0}">{1}</a>')}</section><footer>© 2026 {s.outlet}. {w["rights"]}</footer></body></html>"""


def saved_whole(page: str, s: Story) -> str:
    """What an extension that saves pages whole makes of one: a note with the day, styles, pictures inside."""
    note = f"<!--\n Page saved with OneFile \n url: {s.url} \n saved date: Wed Nov 25 2026 10:15:42 GMT+0100\n-->"
    style = "<style>:root{--sf:1}.gdpr-popin{position:fixed}.sf-hidden{display:none!important}</style>"
    ghost = f'<div class="sf-hidden"><p>{s.around["subscribe"]}</p><p>{s.around["cookies"]}</p></div>'
    page = page.replace("<html", f"<html {note and ''}", 1).replace("<head>", f"<head>{note}{style}", 1)
    return page.replace("a.jpg", "data:image/gif;base64,R0lGODlhAQABAAAAACw=").replace(
        "</body>", ghost + "</body>"
    )


def archived(page: str, s: Story) -> str:
    """What a web archive serves: its own toolbar above, links that lead through it, a note at the end."""
    bar = f'<!-- BEGIN TOOLBAR INSERT --><div id="wm-ipp-base" lang="en" style="display:none"><div id="wm-ipp"><form><input value="{s.url}"></form><a>144 captures</a> <span>12 Jan 2026 - 20 Nov 2026</span><p>The archive crawled this page on behalf of the Web Wide Crawl.</p></div></div><!-- END TOOLBAR INSERT -->'
    page = page.replace("<body", "<body data-x", 1).replace(
        'href="/', 'href="/web/20260305010203/https://x.example/'
    )
    at = page.index(">", page.index("<body")) + 1
    return page[:at] + bar + page[at:] + "\n<!--\n FILE ARCHIVED ON 01:02:03 Mar 05, 2026 -->\n"
