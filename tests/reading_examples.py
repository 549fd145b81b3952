"""Articles and page furniture written for the tests of reading, in five languages."""

from __future__ import annotations

from typing import Any

from rag.reading import read_bytes
from rag.types import Article, Skipped

BODY = {
    "en": [
        "The island council voted on Tuesday to keep the old ferry line open for another five years.",
        "Mayor Ellen Marsh said the decision would cost about two million, most of it paid by the region. "
        "She thanked the crews who had worked through the winter.",
        '"We could not live here without it," said a teacher who takes the boat every morning.',
        "But not everybody is content. Two fishermen told the meeting that the new pier takes their berths.",
        "The council meets again in May.",
    ],
    "fr": [
        "Le conseil de l’île a décidé mardi de garder l’ancienne ligne de ferry pendant cinq ans encore.",
        "La maire, Hélène Maréchal, a estimé le coût à deux millions d’euros. Elle a remercié les équipages "
        "qui ont travaillé tout l’hiver.",
        "« Nous ne pourrions pas vivre ici sans lui », a dit une institutrice qui prend le bateau chaque matin.",
        "Tout le monde n’est pourtant pas satisfait. Deux pêcheurs ont dit que le nouveau quai prend leurs places.",
        "Le conseil se réunira de nouveau en mai.",
    ],
    "zh": [
        "岛上的议会星期二投票决定，旧的渡轮航线将再开放五年。",
        "镇长马爱兰表示，这项决定大约需要两百万元，其中大部分由地区政府支付。她感谢了冬天坚持工作的船员。",
        "“没有它，我们就没法在这里生活。”一位每天早上坐船的老师说。",
        "但是并非所有人都满意。两位渔民在会上说，新码头占了他们的泊位。",
        "议会将在五月再次开会。",
    ],
    "vi": [
        "Hội đồng đảo hôm thứ Ba đã bỏ phiếu giữ tuyến phà cũ hoạt động thêm năm năm nữa.",
        "Thị trưởng Lê Thị Mai cho biết quyết định này tốn khoảng hai triệu. Bà cảm ơn các thủy thủ "
        "đã làm việc suốt mùa đông.",
        "“Không có phà, chúng tôi không thể sống ở đây”, một cô giáo đi phà mỗi sáng nói.",
        "Nhưng không phải ai cũng hài lòng. Hai ngư dân nói rằng cầu tàu mới chiếm chỗ của họ.",
        "Hội đồng sẽ họp lại vào tháng Năm.",
    ],
    "ru": [
        "Совет острова во вторник проголосовал за то, чтобы старая паромная линия работала ещё пять лет.",
        "Мэр Елена Маркова сообщила, что решение обойдётся примерно в два миллиона. Она поблагодарила экипажи, "
        "которые работали всю зиму.",
        "«Без него мы не смогли бы здесь жить», — сказала учительница, которая плавает каждое утро.",
        "Но довольны не все. Два рыбака сказали, что новый причал занял их места.",
        "Совет соберётся снова в мае.",
    ],
}
"""One article a language, without its title."""

TITLES = {
    "en": "Island keeps its old ferry",
    "fr": "L’île garde son vieux ferry",
    "zh": "海岛保留旧渡轮",
    "vi": "Hòn đảo giữ lại tuyến phà cũ",
    "ru": "Остров сохраняет старый паром",
}

TEASERS = {
    "en": [
        (
            "Storm closes two schools",
            "Two schools on the coast stayed closed on Friday after a night of heavy rain.",
        ),
        (
            "Library opens on Sundays",
            "The town library will open its doors on Sundays from the first of June.",
        ),
        (
            "Bread prices rise again",
            "A loaf costs a tenth more than a year ago, the bakers of the region report.",
        ),
        (
            "Young sailors win the cup",
            "A crew of four pupils took first place at the regatta in the northern bay.",
        ),
    ],
    "fr": [
        (
            "La tempête ferme deux écoles",
            "Deux écoles de la côte sont restées fermées vendredi après une nuit de pluie.",
        ),
        (
            "La bibliothèque ouvre le dimanche",
            "La bibliothèque de la ville ouvrira ses portes le dimanche dès juin.",
        ),
        (
            "Le prix du pain augmente",
            "Une miche coûte un dixième de plus qu’il y a un an, disent les boulangers.",
        ),
        (
            "Les jeunes marins gagnent",
            "Un équipage de quatre élèves a pris la première place de la régate du nord.",
        ),
    ],
    "zh": [
        ("暴风雨导致两所学校停课", "经过一夜大雨，沿海的两所学校星期五停课一天。"),
        ("图书馆星期天开放", "镇图书馆从六月一日起星期天也向读者开放。"),
        ("面包价格再次上涨", "本地区的面包师说，一个面包比一年前贵了一成。"),
        ("少年水手夺得奖杯", "四名学生组成的船队在北湾帆船赛中获得第一名。"),
    ],
    "vi": [
        ("Bão khiến hai trường đóng cửa", "Hai trường ven biển đóng cửa hôm thứ Sáu sau một đêm mưa lớn."),
        ("Thư viện mở cửa Chủ nhật", "Thư viện thị trấn sẽ mở cửa vào Chủ nhật từ ngày đầu tháng Sáu."),
        (
            "Giá bánh mì lại tăng",
            "Một ổ bánh mì đắt hơn một phần mười so với năm ngoái, thợ làm bánh cho biết.",
        ),
        ("Thủy thủ trẻ giành cúp", "Đội bốn học sinh về nhất tại cuộc đua thuyền ở vịnh phía bắc."),
    ],
    "ru": [
        ("Шторм закрыл две школы", "Две школы на побережье не работали в пятницу после ночного ливня."),
        (
            "Библиотека открыта по воскресеньям",
            "Городская библиотека с первого июня откроется и по воскресеньям.",
        ),
        ("Хлеб снова дорожает", "Буханка стоит на десятую часть дороже, чем год назад, сообщают пекари."),
        ("Юные моряки взяли кубок", "Команда из четырёх школьников заняла первое место на регате в бухте."),
    ],
}
"""Headlines and summaries of other articles."""

HEADINGS = {
    "en": ["Related news", "READ MORE", "You may also like", "More", "Most read"],
    "fr": ["Voir plus", "À lire aussi :", "Sur le même sujet", "Articles similaires"],
    "zh": ["更多", "相关新闻", "查看更多", "推荐阅读", "延伸阅读："],
    "vi": ["Xem thêm", "Tin liên quan", "Bài viết cùng chủ đề", "Có thể bạn quan tâm"],
    "ru": ["Читайте также:", "Материалы по теме", "Похожие новости", "Ещё новости"],
}
CAPTIONS = {
    "en": "Boats in the bay. Photo: AFP",
    "fr": "Des bateaux dans la baie. Photo : AFP",
    "zh": "海湾里的船。图自海港日报",
    "vi": "Thuyền trong vịnh. Ảnh: TTXVN",
    "ru": "Лодки в бухте. Фото: ТАСС",
}
SIGNED = {"en": ". –AFP", "fr": ". -AFP", "zh": "。(完)", "vi": "./.", "ru": ". – ТАСС"}
"""How agencies end an article, its last full stop included."""


EN, ZH = "\n\n".join(BODY["en"]), "\n\n".join(BODY["zh"])


ROWS: list[dict[str, Any]] = [
    {
        "id": 7,
        "Title": TITLES["en"],
        "body": EN,
        "published_at": "2021-03-12T08:00:00Z",
        "source": {"id": None, "name": "The Coast Times"},
        "authors": [{"name": "Anna Lund"}, {"name": "Per Holm"}],
        "url": "https://coast.example/ferry",
    },
    {
        "headline": {"rendered": TITLES["zh"]},
        "content": {"rendered": "".join(f"<p>{p}</p>" for p in BODY["zh"])},
    },
]


def parts(data: bytes | str, suffix: str) -> list[Article | Skipped]:
    return list(read_bytes(data.encode() if isinstance(data, str) else data, f"/a/one{suffix}", suffix))


def one(data: bytes | str, suffix: str) -> Article:
    (found,) = parts(data, suffix)
    assert isinstance(found, Article)
    return found


def article(content: str | bytes, suffix: str = ".txt") -> Article:
    """The one article in a file's content."""
    data = content.encode() if isinstance(content, str) else content
    (found,) = read_bytes(data, f"/articles/one{suffix}", suffix)
    assert isinstance(found, Article)
    return found


def whole(language: str) -> str:
    """A title and its text."""
    return "\n".join([TITLES[language], *BODY[language]])
