# SPDX-License-Identifier: MIT
"""The seed's endpoints, as plain Django views."""
from django.db import connection, transaction
from django.http import HttpResponse

from project.models import Row

TEXTS = ("name", "campaign", "voice", "recognize", "growth", "yard", "discussion")
REALS = ("inside", "side")


def fetch_rows():
    list(Row.objects.all()[:10])


def insert_row(request):
    values = {name: request.POST.get(name, "") for name in TEXTS}
    values.update({name: float(request.POST.get(name, 0)) for name in REALS})
    Row.objects.create(**values)


def read(request):
    fetch_rows()
    return HttpResponse("ok")


def read_transaction(request):
    with transaction.atomic():
        fetch_rows()
    return HttpResponse("ok")


def write(request):
    insert_row(request)
    return HttpResponse("ok")


def read_write(request):
    fetch_rows()
    insert_row(request)
    return HttpResponse("ok")


def write_read(request):
    insert_row(request)
    fetch_rows()
    return HttpResponse("ok")


def read_write_transaction(request):
    with transaction.atomic():
        fetch_rows()
        insert_row(request)
    return HttpResponse("ok")


def write_read_transaction(request):
    with transaction.atomic():
        insert_row(request)
        fetch_rows()
    return HttpResponse("ok")


def read_write_transaction_immediate(request):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN IMMEDIATE")
        try:
            fetch_rows()
            insert_row(request)
            cursor.execute("COMMIT")
        except Exception:
            cursor.execute("ROLLBACK")
            raise
    return HttpResponse("ok")
