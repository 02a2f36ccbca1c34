"""Fakes people, addresses, texts and numbers with a seed, in several languages, and with a provider of its own."""

from faker import Faker
from faker.providers import BaseProvider

Faker.seed(7)
fake = Faker()
print(fake.name(), "|", fake.address().replace("\n", ", "), "|", fake.email())
print(fake.company(), "|", fake.job(), "|", fake.sentence(), "|", fake.iban(), fake.credit_card_number())
print(fake.date_of_birth().year < 2030, fake.ipv4(), fake.url(), fake.color_name(), fake.uuid4())
for language in ["de_DE", "fr_FR", "ja_JP"]:
    local = Faker(language)
    local.seed_instance(3)
    print(language, local.name(), "|", local.city(), "|", local.phone_number())


class Animals(BaseProvider):
    def animal(self):
        return self.random_element(["cat", "dog", "emu"])


fake.add_provider(Animals)
print([fake.animal() for _ in range(5)], fake.unique.random_int(1, 5))
print(fake.profile(["job", "username"]), fake.json(num_rows=1))
mixed = Faker(["en_US", "de_DE"])
mixed.seed_instance(1)
print([mixed.last_name() for _ in range(4)])
print(fake.csv(data_columns=("{{name}}", "{{city}}"), num_rows=2), fake.file_name(), fake.mime_type())
