"""Models in sqlite with a query and an aggregate, a view with a template, a form, asked by the test client."""

import sys

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="not secret",
    ALLOWED_HOSTS=["testserver"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [
                    ("django.template.loaders.locmem.Loader", {
                        "books.html": "{% load i18n %}<ul>{% for b in books %}<li>{{ forloop.counter }} "
                        "{{ b.title|upper }} {{ b.price|floatformat:2 }}{% empty %}none{% endfor %}</ul>"
                        "{% blocktranslate count n=books|length %}one book{% plural %}{{ n }} books{% endblocktranslate %}",
                    }),
                ],
            },
        }
    ],
)
django.setup()

from django import forms
from django.db import connection, models
from django.http import JsonResponse
from django.shortcuts import render
from django.test import Client
from django.urls import path, reverse


class Book(models.Model):
    title = models.CharField(max_length=40)
    price = models.DecimalField(max_digits=6, decimal_places=2)

    class Meta:
        app_label = "books"


class BookForm(forms.Form):
    title = forms.CharField(max_length=5)
    price = forms.DecimalField(min_value=1)


def books(request):
    return render(request, "books.html", {"books": Book.objects.order_by("-price")})


def check(request, number):
    form = BookForm(request.GET)
    return JsonResponse({"valid": form.is_valid(), "errors": form.errors, "number": number})


urlpatterns = [path("books/", books, name="books"), path("check/<int:number>", check, name="check")]

with connection.schema_editor() as editor:
    editor.create_model(Book)
Book.objects.bulk_create([Book(title="Emma & I", price="7.5"), Book(title="Ulysses", price="12"), Book(title="Dune", price="3")])
print(Book.objects.filter(price__gt=5, title__icontains="m").values_list("title", "price"))
print(Book.objects.aggregate(total=models.Sum("price"), most=models.Max("price")))
print(str(Book.objects.exclude(title__startswith="D").query))
client = Client()
answer = client.get(reverse("books"))
print(answer.status_code, answer["Content-Type"], answer.content.decode())
print(client.get(reverse("check", args=[7]), {"title": "too long", "price": "0"}).json())
print(client.get("/check/8?title=Emma&price=2").content)
print(client.get("/books").status_code, client.get("/nothing/").status_code, file=sys.stdout)
