# SPDX-License-Identifier: MIT
from django.urls import path

from project import views

urlpatterns = [
    path("read/", views.read),
    path("read_transaction/", views.read_transaction),
    path("write/", views.write),
    path("read_write/", views.read_write),
    path("write_read/", views.write_read),
    path("read_write_transaction/", views.read_write_transaction),
    path("write_read_transaction/", views.write_read_transaction),
    path("read_write_transaction_immediate/", views.read_write_transaction_immediate),
]
