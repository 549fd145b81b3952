"""Pages that were written after the reader had been mended on the other ones: what it does with new kinds."""

from __future__ import annotations

import json
from html import escape

from saved.writing import (
    Story,
    amid,
    blocks,
    headlines,
    links,
    long_day,
    teasers,
    week_day,
)


def regional(s: Story) -> str:
    """A regional paper: linked data in a graph with other articles, the change before the publication."""
    w = s.around
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "WebSite", "name": s.outlet},
            {
                "@type": "NewsArticle",
                "headline": s.title,
                "datePublished": s.at(),
                "dateModified": "2026-01-04T10:12:00+01:00",
            },
            {"@type": "BreadcrumbList", "itemListElement": []},
        ],
    }
    also = f'<p class="su-lire">{w["also"]} : <a href="/l"><strong>{headlines(s)[2]}</strong></a></p>'
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)} | {s.outlet}</title><meta name="description" content="{escape(s.lead or s.blocks[0][:100])}"><script type="application/ld+json">{json.dumps(graph, ensure_ascii=False)}</script></head><body>
<div class="didomi-popup-container"><p>{w["cookies"]}</p><button>{w["accept"]}</button></div><div class="of-header"><nav>{links(w["menu"])}</nav></div>
<div class="su-article"><h1 class="su-titre">{escape(s.title)}</h1>{f'<div class="su-chapo"><p>{escape(s.lead)}</p></div>' if s.lead else ""}<div class="su-metadonnees"><time datetime="2026-01-04T10:12">{w["updated"]} 04/01/2026</time> <time datetime="{s.at()}">{w["published"]} {s.day:%d/%m/%Y}</time></div>
<div class="su-barre-outils"><a>{w["share"][0]}</a><a>{w["print"]}</a><a>{w["listen"]}</a></div><div class="su-media"><img src="r.jpg"><div class="su-media-texte"><p>{w["caption"]} | {w["credit"]}</p></div></div>
<div class="su-contenu">{amid(blocks(s, "<p>{}</p>", '<h2 class="su-intertitre">{}</h2>'), also, f'<div class="pub"><p>{w["ad"]}</p></div>')}</div>
<ul class="su-mots-cles">{links(w["topics"])}</ul><div class="su-outbrain"><h2>{w["related"]}</h2>{teasers(s, '<div><a href="/o{0}">{1}</a></div>')}</div></div><div class="of-footer">© {s.outlet}</div></body></html>"""


def public_service(s: Story) -> str:
    """A government's common site: a list of facts with both days, a question whether the page helped."""
    w = s.around
    return f"""<!DOCTYPE html><html lang="{s.language}" class="govuk-template"><head><meta charset="utf-8"><title>{escape(s.title)} - SERVICE</title></head><body class="govuk-template__body"><div id="global-cookie-message" class="gem-c-cookie-banner"><h2>Cookies</h2><p>{w["cookies"]}</p><button>{w["accept"]}</button></div>
<header class="gem-c-layout-super-navigation-header">{links(w["menu"])}</header><div class="govuk-width-container"><div class="gem-c-breadcrumbs"><ol>{links(w["menu"][:2])}</ol></div><main id="content" class="news-article"><div class="gem-c-heading"><span class="govuk-caption-xl">{w["topics"][0]}</span><h1 class="gem-c-heading__text">{escape(s.title)}</h1></div>
<p class="gem-c-lead-paragraph">{escape(s.lead)}</p><div class="gem-c-metadata"><dl><dt>{w["by"]}</dt><dd><a>{s.outlet}</a></dd><dt>{w["published"]}</dt><dd>{long_day(s)}</dd></dl></div>
<div class="gem-c-govspeak govuk-govspeak"><div class="govspeak">{amid(blocks(s))}</div></div><div class="gem-c-share-links"><h2>{w["share"][0]}</h2><ul>{links(w["share"][1:4])}</ul></div>
<div class="gem-c-published-dates">{w["published"]} {long_day(s)}</div><div class="gem-c-contextual-sidebar"><h2>{w["related"]}</h2><ul>{links(headlines(s)[:3])}</ul></div></main></div>
<div class="gem-c-feedback"><form><h2>Is this page useful?</h2><button>Yes</button><button>No</button></form></div><footer class="govuk-footer">© Crown</footer></body></html>"""


def old_system(s: Story) -> str:
    """An older content management system: facts of the article in a list, hits, icons, a box of modules."""
    w = s.around
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd"><html xmlns="http://www.w3.org/1999/xhtml" lang="{s.language}"><head><meta http-equiv="content-type" content="text/html; charset=utf-8" /><meta name="generator" content="Joomla! - Open Source Content Management" /><title>{escape(s.title)}</title></head><body class="site com_content view-article"><div class="top"><ul class="nav menu">{links(w["menu"])}</ul></div>
<div id="content" class="span9"><div class="item-page" itemscope itemtype="https://schema.org/Article"><div class="page-header"><h2 itemprop="headline">{escape(s.title)}</h2></div><div class="icons"><ul><li class="print-icon"><a>{w["print"]}</a></li><li class="email-icon"><a>E-mail</a></li></ul></div>
<dl class="article-info muted"><dt class="article-info-term">Details</dt><dd class="category-name">{w["categories"]}: <a>{w["topics"][0]}</a></dd><dd class="published"><time datetime="{s.at()}" itemprop="datePublished">{w["published"]}: {long_day(s)}</time></dd><dd class="hits">Hits: 4711</dd></dl>
<div itemprop="articleBody">{f"<p><strong>{escape(s.lead)}</strong></p>" if s.lead else ""}{amid(blocks(s))}</div><ul class="pager pagenav"><li class="previous"><a>{w["previous"]}</a></li><li class="next"><a>{w["next"]}</a></li></ul></div></div>
<div id="aside" class="span3"><div class="well"><h3 class="page-header">{w["most"]}</h3><ul class="mostread">{links(headlines(s))}</ul></div></div><footer><p>© 2026 {s.outlet}</p></footer></body></html>"""


def office_html(s: Story) -> str:
    """A document that an office suite on the web exported as HTML: spans with classes c1, c2, nothing else."""
    rules = ".c0{color:#000000;font-size:11pt}.c1{font-weight:700}.c2{padding-top:20pt}.c9{color:#ffffff;font-size:1pt}"
    day = f'<p class="c0"><span class="c0">{s.author or s.outlet}, {long_day(s)}</span></p>'
    return f"""<html><head><meta content="text/html; charset=UTF-8" http-equiv="content-type"><style type="text/css">{rules}</style></head><body class="c5 doc-content"><p class="c2 title" id="h.1"><span class="c1">{escape(s.title)}</span></p>{day}<p class="c0"><span class="c0"></span></p>
{f'<p class="c0"><span class="c0">{escape(s.lead)}</span></p>' if s.lead else ""}{amid(blocks(s, '<p class="c0"><span class="c0">{}</span></p>', '<h2 class="c2"><span class="c1">{}</span></h2>'))}</body></html>"""


def builder(s: Story) -> str:
    """A page of a site builder: a grid of boxes deep inside one another, text in any of them, a day in words."""
    w = s.around
    box = '<div class="sqs-row"><div class="col sqs-col-12"><div class="sqs-block html-block"><div class="sqs-block-content"><div class="sqs-html-content">{}</div></div></div></div></div>'
    parts = blocks(s, '<p style="white-space:pre-wrap;">{}</p>', "<h3>{}</h3>")
    half = len(parts) // 2
    picture = f'<div class="sqs-block image-block"><figure><img data-src="x.jpg" alt=""/><figcaption class="image-caption-wrapper"><p>{w["caption"]}</p></figcaption></figure></div>'
    return f"""<!doctype html><html lang="{s.language}"><head><meta charset="utf-8"/><title>{escape(s.title)} &mdash; {s.outlet}</title><meta property="og:site_name" content="{s.outlet}"/><meta property="og:title" content="{escape(s.title)} &mdash; {s.outlet}"/><meta itemprop="datePublished" content="{s.at()}"/><meta itemprop="dateModified" content="2026-02-02T10:00:00"/></head><body><div id="siteWrapper"><header>{links(w["menu"], '<div class="header-nav-item"><a href="/{0}">{1}</a></div>')}</header><main><article class="h-entry entry"><div class="blog-item-top-wrapper"><h1 class="entry-title">{escape(s.title)}</h1><div class="blog-item-meta-wrapper"><time class="dt-published" datetime="{s.iso}">{s.day:%d.%m}</time><span>{w["by"]} {s.author or s.outlet}</span></div></div>
<div class="blog-item-content e-content">{box.format((f"<p>{escape(s.lead)}</p>" if s.lead else "") + "".join(parts[:half]))}{picture}{box.format("".join(parts[half:]))}</div><div class="blog-meta-item--tags">{links(w["topics"], "<a>{1}</a>")}</div><section class="item-pagination"><a href="/p"><h2>{headlines(s)[0]}</h2></a><a href="/n"><h2>{headlines(s)[1]}</h2></a></section></article></main><footer><div class="newsletter-form-header"><h2>Newsletter</h2><p>{w["subscribe"]}</p></div></footer></div></body></html>"""


def feature(s: Story) -> str:
    """A magazine's long read: chapters in sections, quotations pulled out and said twice, notes at the margin."""
    w = s.around
    pulled = next((b for b in s.blocks if "“" in b or "«" in b or "«" in b), s.blocks[0])[:90]
    parts = blocks(s, '<p class="paywall">{}</p>', "<h2>{}</h2>")
    aside = f'<aside class="pullquote" aria-hidden="true"><p>{escape(pulled)}</p></aside>'
    return f"""<!DOCTYPE html><html lang="{s.language}"><head><meta charset="utf-8"><title>{escape(s.title)} | {s.outlet}</title><meta name="pubdate" content="{s.iso}"><meta property="og:title" content="{escape(s.title)}"></head><body><div class="persistent-top"><nav><ul>{links(w["menu"])}</ul></nav></div><main id="main-content"><article class="article main-content"><header class="ContentHeader"><div class="rubric"><a>{w["topics"][1]}</a></div><h1 data-testid="ContentHeaderHed">{escape(s.title)}</h1><div class="ContentHeaderDek">{escape(s.lead)}</div><div class="BylinesWrapper"><span>{w["by"]} {s.author or s.outlet}</span></div><time data-testid="ContentHeaderPublishDate">{week_day(s)}, {long_day(s)}</time></header>
<div class="ActionBar"><button>{w["save"]}</button></div><figure><img alt=""><div class="CaptionWrapper"><span class="caption__text">{w["caption"]}</span><span class="caption__credit">{w["credit"]}</span></div></figure><div class="body__inner-container">{amid(parts, "", aside, f'<div class="inline-newsletter"><p>{w["subscribe"]}</p></div>')}<p>♦</p></div></article>
<div class="RecircList"><h2>{w["most"]}</h2>{teasers(s, '<div class="SummaryItem"><a href="/{0}"><h3>{1}</h3></a><div class="dek">{2}</div></div>')}</div></main><footer>© 2026</footer></body></html>"""
