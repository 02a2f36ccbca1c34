"""The ORM on sqlite: in memory, and in a file of a temporary folder."""

import datetime
import sys
from typing import Optional

from sqlalchemy import ForeignKey, String, create_engine, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    born: Mapped[Optional[datetime.date]]
    books: Mapped[list["Book"]] = relationship(back_populates="author", order_by="Book.year")

    def __repr__(self):
        return f"Author({self.name!r}, {self.born})"


class Book(Base):
    __tablename__ = "book"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    year: Mapped[int]
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


def fill(engine):
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        woolf = Author(name="Virginia Woolf", born=datetime.date(1882, 1, 25))
        woolf.books = [Book(title="Orlando", year=1928), Book(title="Jacob's Room", year=1922)]
        session.add_all([woolf, Author(name="Anon")])
        session.commit()


def show(engine):
    with Session(engine) as session:
        for author in session.scalars(select(Author).order_by(Author.name)):
            print(author, [(book.year, book.title) for book in author.books])
        counts = select(Author.name, func.count(Book.id)).outerjoin(Book).group_by(Author.id)
        print(session.execute(counts.order_by(Author.name)).all())
        print(session.execute(text("select count(*) from book where year > :y"), {"y": 1925}).scalar_one())


memory = create_engine("sqlite://")
fill(memory)
show(memory)
print(select(Book.title).where(Book.year.between(1920, 1930)).limit(3))

if len(sys.argv) > 1:
    file = create_engine(f"sqlite:///{sys.argv[1]}")
    fill(file)
    file.dispose()
    show(create_engine(f"sqlite:///{sys.argv[1]}"))
