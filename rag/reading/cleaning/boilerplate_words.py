"""The phrases of boilerplate, as regular expressions for line_rules.

They are in English, French, Chinese, Vietnamese and Russian; common ones also in Spanish and German. Each is
matched at the start of a line, ignoring case; it ends with `$` if the line must hold nothing else.
"""

from __future__ import annotations

TEASER_HEADINGS = (
    r"more|(?:read|see|view|show|load) more|more (?:news|stories|articles|headlines|like this)",
    r"more (?:on (?:this|the) (?:story|topic|subject)|from .{2,30})",
    r"related(?: .{0,3}(?:news|articles?|stories|posts?|topics|content|links|coverage|reading|items))?",
    r"see also|also (?:read|see)|read (?:also|next)|in other news|up next|don['’]t miss",
    r"(?:you )?(?:may|might) also (?:like|be interested in)|editors?['’]?s? (?:picks?|choice)",
    r"recommended(?: (?:for you|stories|articles|reading))?|trending(?: now)?|popular (?:now|posts|stories)",
    r"(?:latest|other|top|breaking) (?:news|stories|articles|headlines)",
    r"most (?:read|popular|viewed|shared)",
    r"(?:en )?(?:voir|lire|savoir|afficher) plus|(?:lire|voir) (?:aussi|également)",
    r"[àa] (?:lire|voir|découvrir)(?: (?:aussi|également|ensuite))?|[àa] ne pas (?:manquer|rater)",
    r"(?:sur|dans) (?:le|la) même (?:sujet|thème|rubrique|catégorie)|autres articles",
    r"articles? (?:liés?|similaires?|connexes?|associés?|recommandés?|récents?)",
    r"les plus (?:lus?|vus?|populaires)|plus (?:d['’](?:actualités?|infos?|articles?)|de nouvelles)",
    r"(?:dernières|autres) (?:nouvelles|actualités|infos)|vous (?:aimerez|pourriez) aussi(?: aimer)?",
    r"(?:查看|阅读|加载|显示|浏览|点击)?更多(?:新闻|文章|内容|报道|资讯|消息|精彩)?",
    r"(?:相关|相關)(?:新闻|新聞|阅读|閱讀|文章|报道|報道|链接|内容|推荐|资讯|专题|消息|热点)",
    r"(?:推荐|热门|热点|最新|其他|其它|精彩|焦点|今日)(?:新闻|文章|推荐|消息|资讯|内容|报道|要闻)",
    r"(?:延伸|推荐|扩展)阅读|为您推荐|猜你(?:喜欢|想看)|大家都在看|往期(?:回顾|推荐|精彩)",
    r"(?:新闻|点击|阅读|热点)排行榜?|[上下]一篇.{0,40}|同类新闻",
    r"(?:xem|đọc) (?:thêm|tiếp)|(?:đọc|xem) nhiều(?: nhất)?|(?:bạn )?có thể (?:bạn )?quan tâm",
    r"(?:các )?(?:tin|bài)(?: viết| bài| tức)? (?:liên quan|khác|mới(?: nhất| nhận)?|nổi bật|nóng)",
    r"(?:các )?(?:tin|bài)(?: viết| bài| tức)? (?:cùng (?:chuyên mục|chủ đề|mục)|đọc nhiều(?: nhất)?)",
    r"dành cho bạn|chủ đề liên quan|tin (?:đã đưa|cũ hơn|mới hơn)",
    r"(?:читайте|смотрите|см\.|читать) (?:также|ещё|еще|далее)|новости партн[её]ров|лента новостей",
    r"(?:(?:материалы|новости|статьи|другие новости|ещё|еще) )?по теме|подробнее|показать ещё",
    r"(?:похожие|другие|последние|главные|ещё|еще|связанные|популярные) (?:статьи|новости|материалы)",
    r"(?:мы )?рекомендуем(?: (?:почитать|прочитать))?|(?:самое )?(?:читаемое|популярное|обсуждаемое)",
    r"(?:ver|leer) más|más (?:noticias|leídas|información)|noticias relacionadas|(?:lea|lee) también",
    r"te (?:puede|podría) interesar|artículos relacionados",
    r"mehr (?:zum thema|lesen|nachrichten)|lesen sie auch|meistgelesen|ähnliche artikel",
    r"weitere (?:artikel|nachrichten|meldungen|themen)|(?:das könnte (?:sie|dich) )?auch interessant",
)
"""Headings over teasers of other articles, as whole lines."""

AMBIGUOUS_HEADINGS = frozenset(
    ("more", "related", "recommended", "trending", "see also", "更多", "подробнее", "по теме", "рекомендуем")
)
"""Those that may also be headings within an article."""

LINK_INTRODUCTIONS = (
    r"read (?:also|more|next)|also read|see also|related(?: (?:article|news|story|stories))?",
    r"[àa] lire(?: aussi)?|lire aussi|voir aussi",
    r"相关(?:新闻|阅读|报道|链接|文章)|延伸阅读|推荐阅读",
    r"xem thêm|đọc thêm|tin liên quan|bài liên quan",
    r"читайте также|смотрите также|по теме|читать также|lea también|lesen sie auch",
    r"(?:previous|next) (?:article|post|story|page)|(?:article|billet|page) (?:précédent|suivant)e?",
    r"[上下]一[篇页条]",
    r"bài (?:viết )?(?:trước|sau|tiếp theo)|(?:предыдущая|следующая) (?:статья|запись|новость|страница)",
)
"""Introductions of a link in the same line, before a colon."""

SHARE_BUTTONS = """
    share tweet print email e-mail partager imprimer envoyer courriel chia sẻ gửi поделиться
    скопировать распечатать 分享 分享到 打印 收藏 转发 compartir copiar teilen drucken copier
"""
PLATFORMS = """
    facebook twitter x whatsapp telegram linkedin pinterest reddit messenger zalo viber vk vkontakte
    line wechat weibo instagram youtube tiktok threads bluesky mastodon flipboard pocket rss
    微信 微博 新浪微博 朋友圈 qq空间 qq вконтакте одноклассники
"""
BETWEEN_BUTTONS = """
    on to this the article story page link copy by via with and or sur cet ce le la lien à par et
    đến bài viết liên kết sao chép в на эту статью ссылку и este artículo diesen artikel
    到 复制链接 链接 + & 0
"""

EXPORT_MARKS = (
    r"End of Document",
    r"Document [A-Z]{2,8}0{0,6}(?:19|20)\d{6}\w{4,12}",
    r"\d{1,4} of \d{1,4} DOCUMENTS?",
    r"(?:Document|Article) \d{1,4} (?:of|de|sur) \d{1,4}",
    r"news·(?:19|20)\d{6}·\w{2,8}·\w{2,20}|文章编号\s*[:：]\s*\w{8,40}",
)
"""Lines that end an article in the export of a press database, or begin the next."""

NOTICES = (
    # cookies
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies",
    r"by (?:continuing to (?:use|browse)|using (?:this|our)|clicking)\b.{0,80}(?:cookies|privacy|terms of)",
    r"(?:accept|reject|manage|allow)(?: all)? cookies|cookie (?:settings|preferences|policy|notice)\W*$",
    r"(?:nous utilisons|ce site utilise|notre site utilise) des cookies",
    r"en (?:poursuivant|continuant) (?:votre|la) navigation|tout accepter\W*$",
    r"(?:tout )?(?:accepter|refuser|gérer)(?: tous)?(?: les)? cookies",
    r"(?:本网站|本站|我们|本网)会?使用.{0,6}cookies?",
    r"(?:chúng tôi|(?:trang )?web(?:site)? này) sử dụng cookies?",
    r"(?:мы используем|(?:этот |наш )?сайт использует|продолжая).{0,60}(?:cookie|куки)",
    r"на (?:этом )?сайте используются.{0,60}(?:cookie|куки)",
    r"(?:utilizamos|este sitio (?:web )?(?:usa|utiliza)) cookies",
    r"(?:wir verwenden|diese (?:web)?seite verwendet) cookies",
    # subscriptions, apps and social media
    r"(?:subscribe|sign up)\b.{0,60}(?:newsletter|our|updates|channel|alerts|inbox)|follow (?:us|@\w+)\b",
    r"(?:get|receive) (?:the|our) latest\b.{0,80}(?:inbox|newsletter|app|alerts)",
    r"join (?:our|us on)\b.{0,60}(?:telegram|whatsapp|channel|newsletter)",
    r"download (?:our|the)\b.{0,30}\bapp\b",
    r"(?:abonnez|inscrivez)-vous\b.{0,40}(?:newsletter|chaîne|lettre|notre|page)",
    r"suivez[- ](?:nous|l['’]actualité)",
    r"(?:欢迎)?关注(?:我们|微信|公众号|本站)|扫(?:一?扫|码).{0,10}(?:关注|下载|二维码)|长按.{0,8}二维码|(?:点击|立即)(?:关注|订阅|下载)",
    r"下载.{0,10}(?:客户端|APP)\W*$",
    r"theo dõi (?:chúng tôi|fanpage)|đăng ký (?:nhận|kênh|bản tin)",
    r"theo dõi .{2,40} trên (?:facebook|google|zalo|youtube|tiktok)|mời (?:bạn đọc|độc giả) (?:theo dõi|tải)",
    r"(?:подписывайтесь|подпишитесь|следите за (?:нами|нашими)|читайте нас)\b",
    # newsletters
    r"(?:un|manage )?subscri(?:be|ption)s?(?: preferences)?\W*$",
    r"(?:view|read) (?:(?:this|it) )?(?:e-?mail |message |letter )?(?:in (?:your )?browser|online)\W*$",
    r"(?:se désabonner|se désinscrire)\W*$",
    r"(?:voir|lire|afficher) (?:cet e-?mail |ce message |la lettre )?(?:en ligne|dans \w+ navigateur)\W*$",
    r"(?:退订|取消订阅)\W*.{0,6}$|(?:在浏览器中|在线)(?:查看|阅读)\W*$",
    r"(?:hủy đăng ký|xem (?:thư )?(?:này )?(?:trên|trong) trình duyệt)\W*$",
    r"(?:отписаться|(?:открыть|посмотреть)(?: письмо)? в браузере)\W*.{0,20}$",
    # copyright
    r"copyright\s*(?:©|\(c\)|\d{4}|by\b)|©|\(c\) ?\d{4}",
    r".{0,80}all rights reserved\W*$|.{0,80}tous droits réservés\W*$",
    r".{0,20}版权所有.{0,60}$|(?:此文|本文|声明[:：]).{0,10}版权归.{0,80}$",
    r"未经.{0,16}(?:授权|许可|同意).{0,16}(?:转载|摘编|复制|镜像).{0,30}$",
    r"bản quyền (?:©|\d{4}|thuộc (?:về )?(?:báo|tạp chí|\S+\.(?:vn|com)))|cấm sao chép.{0,60}$",
    r".{0,60}все права защищены\W*$",
    r".{0,80}todos los derechos reservados\W*$|.{0,80}alle rechte vorbehalten\W*$",
    # advertisements, navigation, comments, editors, tags
    r"(?:advertisement|advertising|sponsored(?: content)?|publicité|广告|quảng cáo|реклама|anzeige)\W*$",
    r"skip to (?:main )?(?:content|navigation)|(?:back|return) to top\W*$|loading\s?(?:\.\.\.|…)$",
    r"javascript is (?:disabled|required)|(?:leave|post|add) a comment\W*$",
    r"\d+ (?:comments?|commentaires?|bình luận|комментари(?:и|ев|й)|条?评论)\W*$",
    r"(?:comments?|commentaires?|bình luận|комментарии|评论)\s*[(（]?\d+[)）]?\W*$",
    r"(?:发表|查看|参与)评论\W*$|(?:责任|本文|网络)编辑\s*[:：].{1,20}$",
    r"(?:责编|编辑|审核|校对|监制)\s*[:：].{1,20}$",
    r"(?:tags?|keywords?|mots?[- ]clés?|关键词|关键字|标签|từ khóa|теги|ключевые слова)\s*[:：]",
    r"(?:#[\w-]+[\s,]*)+$",
    *(rf"{mark}$" for mark in EXPORT_MARKS),
)
"""Lines that are boilerplate regardless of their place."""

AGENCIES = (
    r"[A-Z]{2,8}|Xinhua|Reuters|Bernama|Kyodo|Yonhap|Antara|Interfax|Tass|VietnamPlus|Vietnam\+",
    r"РИА Новости|ТАСС|Интерфакс|[\u4e00-\u9fff]{1,6}[社网報报]",
)
"""News agencies that sign articles; any word in capitals may be one."""
