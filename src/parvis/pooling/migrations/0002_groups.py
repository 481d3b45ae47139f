import django.db.models.deletion
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0001_agreements'),
    ]

    operations = [
        migrations.CreateModel(
            name='JointProcurement',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('name', models.CharField(max_length=160, verbose_name='Nom du groupement')),
                ('purpose', models.TextField(verbose_name='Objet')),
                ('cpv', models.CharField(blank=True, max_length=10, verbose_name='Code CPV')),
                ('signed_on', models.DateField(blank=True, null=True, verbose_name='Convention constitutive signée le')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='En vigueur à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='Terme')),
                ('state', models.CharField(choices=[('preparing', 'En constitution'), ('running', 'En vigueur'), ('ended', 'Terminé')], default='preparing', max_length=10)),
                ('information_days', models.PositiveSmallIntegerField(default=10, verbose_name='Délai d’information mutuelle, en jours')),
                ('vat_mode', models.CharField(choices=[('recharge', 'Qui commande paie le titulaire, puis refacture les parts'), ('direct', 'Chacun commande et paie pour soi')], default='recharge', max_length=10, verbose_name='TVA')),
                ('instalments', models.PositiveSmallIntegerField(default=2, verbose_name='Acomptes par an')),
                ('public', models.BooleanField(default=True, verbose_name='Page publique')),
            ],
            options={
                'ordering': ['-starts_on', 'name'],
                'abstract': False,
                'base_manager_name': 'objects',
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gt', models.F('starts_on')), _connector='OR'), name='joint_procurement_ends_after_it_begins', violation_error_message='Le groupement finit avant de commencer. Vérifiez les dates.'), models.CheckConstraint(condition=models.Q(('state', 'preparing'), models.Q(('ends_on__isnull', False), ('signed_on__isnull', False), ('starts_on__isnull', False)), _connector='OR'), name='running_joint_procurement_is_signed', violation_error_message='Il manque la signature de la convention constitutive, ou ses dates.'), models.CheckConstraint(condition=models.Q(('instalments__gte', 1), ('instalments__lte', 12)), name='one_to_twelve_instalments', violation_error_message='Le nombre d’acomptes va de 1 à 12 par an.')],
            },
        ),
        migrations.CreateModel(
            name='GroupConsultation',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('consultation_id', models.UUIDField(unique=True)),
                ('needs', models.JSONField(default=list)),
                ('opened_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consultations', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['-opened_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('subject', models.CharField(max_length=200, verbose_name='Objet')),
                ('opponent', models.CharField(max_length=160, verbose_name='Avec qui')),
                ('opened_on', models.DateField(verbose_name='Ouvert le')),
                ('account', models.TextField(verbose_name='Ce qui s’est passé')),
                ('state', models.CharField(choices=[('open', 'En cours'), ('closed', 'Réglé')], default='open', max_length=10)),
                ('closed_on', models.DateField(blank=True, null=True, verbose_name='Réglé le')),
                ('outcome', models.TextField(blank=True, verbose_name='Comment il s’est réglé')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='disputes', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['-opened_on'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='CoordinatorTask',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('label', models.CharField(max_length=200, verbose_name='Tâche')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='Pour le')),
                ('done_on', models.DateField(blank=True, null=True, verbose_name='Fait le')),
                ('done_by', models.UUIDField(null=True)),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='Note')),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('consultation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='pooling.groupconsultation')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['position', 'due_on'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('state', models.CharField(choices=[('prospect', 'Intéressée'), ('notified', 'Adhésion notifiée'), ('member', 'Membre'), ('ended', 'Terminée avec le groupement')], default='prospect', max_length=10)),
                ('decision', models.CharField(blank=True, max_length=80, verbose_name='Décision d’adhésion')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='Prise le')),
                ('notified_on', models.DateField(blank=True, null=True, verbose_name='Notifiée au coordinateur le')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='Membre à partir du')),
                ('no_need', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi aucun besoin n’est encore dit')),
                ('missing', models.TextField(blank=True, verbose_name='Ce qui manque')),
                ('service_code', models.CharField(blank=True, max_length=40, verbose_name='Code service')),
                ('commitment', models.CharField(blank=True, max_length=40, verbose_name='Numéro d’engagement')),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='pooling.jointprocurement')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
            ],
            options={
                'ordering': ['member__kind', 'member__name'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('label', models.CharField(max_length=200, verbose_name='Besoin')),
                ('kind', models.CharField(max_length=20, verbose_name='Nature')),
                ('quantity', models.PositiveIntegerField(default=1, verbose_name='Quantité')),
                ('unit', models.CharField(blank=True, max_length=40, verbose_name='Unité')),
                ('estimated_cents', models.BigIntegerField(blank=True, null=True, verbose_name='Estimation sur la durée, hors taxes')),
                ('wanted_on', models.DateField(blank=True, null=True, verbose_name='Souhaité pour le')),
                ('remark', models.TextField(blank=True, verbose_name='Précisions')),
                ('stated_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('stated_by', models.UUIDField(null=True)),
                ('group', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='needs', to='pooling.jointprocurement')),
            ],
            options={
                'ordering': ['kind', 'label'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'open'), models.Q(('closed_on__isnull', False), models.Q(('outcome', ''), _negated=True)), _connector='OR'), name='closed_dispute_has_an_outcome', violation_error_message='Dites quand et comment le litige s’est réglé.'),
        ),
        migrations.AddConstraint(
            model_name='coordinatortask',
            constraint=models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('group', 'consultation', 'code'), name='one_coordinator_task_per_code', nulls_distinct=False, violation_error_message='Cette tâche est déjà dans la liste.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('group', 'member'), name='one_membership_per_authority', violation_error_message='Cette collectivité est déjà dans le groupement.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'prospect'), models.Q(models.Q(('decision', ''), _negated=True), ('decided_on__isnull', False), ('notified_on__isnull', False)), _connector='OR'), name='membership_rests_on_a_decision', violation_error_message='Il manque la décision d’adhésion, sa date ou celle de sa notification.'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['prospect', 'notified']), ('effective_on__isnull', False), _connector='OR'), name='member_from_a_day', violation_error_message='Dites à partir de quel jour la collectivité est membre.'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1), models.Q(('estimated_cents__isnull', True), ('estimated_cents__gte', 0), _connector='OR')), name='need_has_a_quantity', violation_error_message='Un besoin a une quantité d’au moins 1 et une estimation positive ou vide.'),
        ),
    ]
