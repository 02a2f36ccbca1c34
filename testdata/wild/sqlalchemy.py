"""Models with relations, queries, joins, aggregates, events, core expressions and dialects on sqlite."""

from sqlalchemy import ForeignKey, Integer, String, case, create_engine, event, func, insert, inspect, literal, select, text, update
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship, selectinload


class Base(DeclarativeBase):
    pass


class Author(Base):
    __tablename__ = "author"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    books: Mapped[list["Book"]] = relationship(back_populates="author", cascade="all, delete-orphan", order_by="Book.title")


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    pages: Mapped[int | None] = mapped_column(Integer, default=100)
    author_id: Mapped[int] = mapped_column(ForeignKey("author.id"))
    author: Mapped[Author] = relationship(back_populates="books")


engine = create_engine("sqlite://")
Base.metadata.create_all(engine)
event.listen(Session, "before_commit", lambda session: print("commit"))
with Session(engine) as session:
    session.add_all([Author(name="Ann", books=[Book(title="B", pages=3), Book(title="A")]), Author(name="Bob")])
    session.commit()
    query = select(Author.name, func.count(Book.id), func.sum(Book.pages)).outerjoin(Book).group_by(Author.name).order_by(Author.name)
    print(session.execute(query).all())
    ann = session.scalars(select(Author).options(selectinload(Author.books)).where(Author.name.like("A%"))).one()
    print([book.title for book in ann.books], session.get(Author, 2).name)
    ann.books.pop()
    session.execute(update(Book).values(pages=Book.pages + 1))
    session.commit()
    print(session.scalars(select(Book.pages)).all())
    try:
        session.add(Author(name="Ann"))
        session.flush()
    except IntegrityError as error:
        print(error.orig)
        session.rollback()
statement = select(case((Book.pages > 5, "long"), else_="short").label("kind"), literal(1)).limit(3).offset(1)
print(statement, statement.compile(dialect=postgresql.dialect()), statement.compile(dialect=mysql.dialect(), compile_kwargs={"literal_binds": True}))
print(inspect(engine).get_table_names(), [column["name"] for column in inspect(engine).get_columns("book")])
with engine.connect() as connection:
    print(connection.execute(text("select :a || 'b'"), {"a": "x"}).scalar(), insert(Book).values(title="q").compile(engine))
