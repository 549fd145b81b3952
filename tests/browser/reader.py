"""What somebody at the page does and sees."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from rag.conversations.exchange import RUNNING

FITS = """() => ![...document.querySelectorAll(
  "body, [data-testid=stMain], .by-exchange, .by-article, .stButton, .stChatInput"
)].some((e) => e.scrollWidth > e.clientWidth + 1
  || e.getBoundingClientRect().right > innerWidth + 1)"""


class Reader:
    """A reader with a page in front of them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def question(self) -> Locator:
        return self.page.get_by_placeholder("Ask your articles")

    @property
    def exchanges(self) -> Locator:
        return self.page.locator(".by-exchange")

    @property
    def last(self) -> Locator:
        return self.exchanges.last

    @property
    def text(self) -> Locator:
        """The last answer's text."""
        return self.last.locator(".by-text")

    @property
    def chips(self) -> Locator:
        return self.last.locator(".by-text .by-chip")

    @property
    def sources(self) -> Locator:
        return self.last.get_by_role("complementary").get_by_role("button")

    @property
    def article(self) -> Locator:
        """The article in the drawer."""
        return self.page.get_by_role("dialog").locator(".by-article")

    def ask(self, question: str) -> None:
        self.question.fill(question)
        self.question.press("Enter")
        expect(self.last.get_by_role("heading", level=2)).to_have_text(question)

    def wait(self, state: str) -> None:
        """Until the last answer has come to this state; where it has ended, until the page shows that, too."""
        expect(self.last).to_have_attribute("data-state", state)
        if state not in RUNNING:
            expect(self.page.locator(".st-key-stop")).to_have_count(0)

    def ask_and_wait(self, question: str, state: str = "answered") -> None:
        self.ask(question)
        self.wait(state)

    def pick_model(self, name: str) -> None:
        self.page.locator(".st-key-picker button").click()
        listed = self.page.get_by_test_id("stPopoverBody")
        radio = self.page.get_by_role("radio", name=name)
        listed.locator("label").filter(has=radio).click()  # waits until the list has been placed
        self.page.keyboard.press("Escape")
        expect(self.page.locator(".st-key-picker button").first).to_contain_text(name)

    def passage(self, n: int) -> str:
        """The words of source n, as the answer was given them."""
        return str(self.sources.nth(n - 1).evaluate("(button) => button.source.text"))

    def highlighted(self) -> str:
        """The marked words in the drawer; a blank line between paragraphs."""
        expect(self.article).to_be_visible()
        paragraphs = self.article.locator("p:has(mark.by-cited)").all()
        return "\n\n".join("".join(p.locator("mark.by-cited").all_text_contents()) for p in paragraphs)

    def expect_to_fit(self) -> None:
        """Nothing scrolls sideways or stands beyond the edge, once things have stopped moving."""
        self.page.wait_for_function(FITS, timeout=3_000)
