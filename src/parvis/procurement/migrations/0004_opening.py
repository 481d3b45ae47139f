import django.db.models.deletion
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('procurement', '0003_deposits'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenedDocument',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('envelope', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='procurement.envelope')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.storedfile')),
            ],
            options={
                'ordering': ['position'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OpeningSession',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('stage', models.CharField(choices=[('application', 'Candidatures'), ('bid', 'Offres')], max_length=12)),
                ('chair_id', models.UUIDField()),
                ('recipient', models.CharField(blank=True, max_length=100)),
                ('started_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='session', to='procurement.consultation')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Attendance',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('person_id', models.UUIDField(null=True)),
                ('name', models.CharField(max_length=150, verbose_name='Prénom et nom')),
                ('quality', models.CharField(max_length=120, verbose_name='Qualité')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attendance', to='procurement.openingsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='ReleasedShare',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('session_recipient', models.CharField(max_length=100)),
                ('sealed', models.BinaryField()),
                ('method', models.CharField(max_length=10)),
                ('at', models.DateTimeField()),
                ('custodian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.custodiankey')),
                ('opening_key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='procurement.openingkey')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='released', to='procurement.openingsession')),
            ],
            options={
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='releasedshare',
            constraint=models.UniqueConstraint(fields=('opening_key', 'custodian', 'session_recipient'), name='one_release_per_session_key'),
        ),
    ]
