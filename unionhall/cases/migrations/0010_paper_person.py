import django.db.models.deletion
from django.db import migrations, models


def name_whom(apps, schema_editor):
    """Whom a paper was made out to stands in the entry of its making; who the matter has today may be somebody else."""
    using = schema_editor.connection.alias
    entries = apps.get_model("journal", "AuditEntry").objects.using(using).filter(act="paper.issue").exclude(about=None)
    papers = apps.get_model("cases", "IssuedPaper").objects.using(using)
    for subject, about in entries.values_list("subject", "about").iterator():
        papers.filter(pk=int(subject.partition(":")[2])).update(person=about)


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0009_star_held'),
        ('journal', '0003_longer_kinds'),
        ('people', '0005_household'),
    ]

    operations = [
        migrations.AddField(
            model_name='issuedpaper',
            name='person',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.RunPython(name_whom, migrations.RunPython.noop),
    ]
