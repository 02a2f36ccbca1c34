"""Models on sqlite with joins, aggregates, functions of its own, transactions, and trees of expressions."""

from peewee import JOIN, Case, CharField, FloatField, ForeignKeyField, IntegrityError, Model, SqliteDatabase, fn
from playhouse.shortcuts import model_to_dict

db = SqliteDatabase(":memory:", pragmas={"foreign_keys": 1})


class Base(Model):
    class Meta:
        database = db


class Person(Base):
    name = CharField(unique=True)


class Pet(Base):
    owner = ForeignKeyField(Person, backref="pets")
    name = CharField()
    weight = FloatField(default=1.5)


@db.func()
def shout(text):
    return text.upper() + "!"


db.create_tables([Person, Pet])
ann, bob = Person.create(name="ann"), Person.create(name="bob")
Pet.insert_many([{"owner": ann, "name": "tom"}, {"owner": ann, "name": "rex", "weight": 30}, {"owner": bob, "name": "kit"}]).execute()
query = Person.select(Person.name, fn.COUNT(Pet.id).alias("n"), fn.SUM(Pet.weight).alias("w")).join(Pet, JOIN.LEFT_OUTER).group_by(Person).order_by(Person.name)
print([(p.name, p.n, p.w) for p in query], query.sql())
print([row for row in Pet.select(fn.shout(Pet.name), Case(None, [(Pet.weight > 10, "big")], "small")).where((Pet.name ** "%t%") | (Pet.weight > 20)).tuples()])
print(model_to_dict(Pet.get(Pet.name == "rex")), [pet.name for pet in ann.pets.order_by(Pet.name.desc())])
try:
    with db.atomic():
        Pet.update(weight=Pet.weight + 1).execute()
        Person.create(name="ann")
except IntegrityError as error:
    print(error)
print(Pet.select(fn.MAX(Pet.weight)).scalar(), Person.get_or_none(name="eve"), Person.get_or_create(name="eve")[1])
print(db.get_tables(), [column.name for column in db.get_columns("pet")], Pet.delete().where(Pet.owner == bob).execute())
