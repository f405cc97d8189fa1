# SPDX-License-Identifier: MIT
from django.db import models


class Row(models.Model):
    name = models.TextField()
    campaign = models.TextField()
    voice = models.TextField()
    recognize = models.TextField()
    inside = models.FloatField()
    growth = models.TextField()
    side = models.FloatField()
    yard = models.TextField()
    discussion = models.TextField()

    class Meta:
        db_table = "row"
