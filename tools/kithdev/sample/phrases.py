"""What a business of the sample sells and says, in one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Product:
    """An article with its price in dollars and what goes wrong with it."""

    sku: str
    name: str
    dollars: int
    problem: str


@dataclass(frozen=True)
class Phrases:
    """All words of a business; those with {} take what they are about."""

    products: tuple[Product, ...]
    # Each with the subject of its mail.
    campaigns: tuple[tuple[str, str], ...]
    # Topic, question and answer; the first is about a delivery.
    questions: tuple[tuple[str, str, str], ...]
    sales_pitches: tuple[str, ...]
    notes: tuple[str, ...]
    contact_form: str
    asked: str
    called_back: str
    thanks: str
    order: str
    bought_in_store: str
    receipt: str
    return_from: str
    broken: str
    public_complaint: str
    complaint_call: str
    complaint_reply: str
    withheld_number: str
    # How an agent knows that two contacts are one person.
    same_person: str

    def product(self, sku: str) -> Product:
        """The article with this number."""
        return next(product for product in self.products if product.sku == sku)
