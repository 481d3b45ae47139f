import django.db.models.deletion
import django.db.models.expressions
import parvis.kit.clock
import parvis.kit.ids
import parvis.kit.scope
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pooling', '0004_frameworks'),
    ]

    operations = [
        migrations.CreateModel(
            name='PurchaseOrder',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.CharField(blank=True, max_length=30)),
                ('title', models.CharField(max_length=200, verbose_name='Objet de la commande')),
                ('state', models.CharField(choices=[('draft', 'En préparation'), ('informed', 'Groupement informé'), ('issued', 'Émis'), ('delivered', 'Réception prononcée'), ('invoiced', 'Facturé'), ('paid', 'Payé'), ('cancelled', 'Annulé')], default='draft', max_length=10)),
                ('ht_cents', models.BigIntegerField(default=0)),
                ('vat_cents', models.BigIntegerField(default=0)),
                ('released_cents', models.BigIntegerField(default=0, editable=False)),
                ('deliver_to', models.CharField(blank=True, max_length=300, verbose_name='Lieu de livraison ou d’exécution')),
                ('deliver_by', models.DateField(blank=True, null=True, verbose_name='À livrer pour le')),
                ('commitment', models.CharField(blank=True, max_length=40, verbose_name='Numéro d’engagement')),
                ('service_code', models.CharField(blank=True, max_length=40, verbose_name='Code service')),
                ('remark', models.TextField(blank=True, verbose_name='Précisions pour le titulaire')),
                ('eservice_id', models.UUIDField(blank=True, null=True)),
                ('serves_from', models.DateField(blank=True, null=True, verbose_name='Téléservice ouvert à partir du')),
                ('created_by', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('informed_at', models.DateTimeField(null=True)),
                ('answers_until', models.DateTimeField(null=True)),
                ('issued_at', models.DateTimeField(null=True)),
                ('issued_by', models.UUIDField(null=True)),
                ('signatory', models.CharField(blank=True, max_length=160, verbose_name='Nom et qualité du signataire')),
                ('signed_order', models.JSONField(null=True)),
                ('entitlement_reason', models.CharField(blank=True, max_length=300)),
                ('delivered_on', models.DateField(blank=True, null=True, verbose_name='Reçu le')),
                ('delivery_report', models.TextField(blank=True, verbose_name='Constat')),
                ('reserves', models.TextField(blank=True, verbose_name='Réserves')),
                ('reserves_lifted_on', models.DateField(blank=True, null=True, verbose_name='Réserves levées le')),
                ('put_right', models.TextField(blank=True, verbose_name='Ce qui a été corrigé')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='Payé le')),
                ('payment_reference', models.CharField(blank=True, max_length=60, verbose_name='Numéro de mandat')),
                ('cancel_reason', models.CharField(blank=True, max_length=300, verbose_name='Pourquoi')),
                ('framework', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='pooling.frameworkagreement')),
            ],
            options={
                'ordering': ['-created_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OrderParty',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='pooling.purchaseorder')),
            ],
            options={
                'ordering': ['member__kind', 'member__name'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('label', models.CharField(max_length=200)),
                ('kind', models.CharField(max_length=20)),
                ('quantity_hundredths', models.PositiveIntegerField(default=100)),
                ('unit', models.CharField(max_length=40)),
                ('unit_cents', models.BigIntegerField()),
                ('vat_rate', models.PositiveIntegerField()),
                ('ht_cents', models.BigIntegerField()),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('price', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooling.priceline')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='pooling.purchaseorder')),
            ],
            options={
                'ordering': ['position', 'id'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='OrderAnswer',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('kind', models.CharField(choices=[('seen', 'Vu, sans remarque'), ('comment', 'Remarque'), ('join', 'Je me joins à cette commande')], max_length=10)),
                ('text', models.TextField(blank=True, verbose_name='Votre remarque')),
                ('answered_by', models.UUIDField(null=True)),
                ('answered_at', models.DateTimeField(default=parvis.kit.clock.now)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='pooling.purchaseorder')),
            ],
            options={
                'ordering': ['answered_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(default=parvis.kit.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('authority_id', models.UUIDField(db_index=True, default=parvis.kit.scope.current_authority, editable=False)),
                ('circle_id', models.UUIDField(db_index=True, editable=False)),
                ('number', models.CharField(max_length=60, verbose_name='Numéro de facture')),
                ('type_code', models.CharField(default='380', max_length=3)),
                ('issued_on', models.DateField(verbose_name='Date de la facture')),
                ('due_on', models.DateField(blank=True, null=True, verbose_name='À payer pour le')),
                ('seller_name', models.CharField(blank=True, max_length=200, verbose_name='Vendeur')),
                ('seller_siret', models.CharField(blank=True, max_length=14, verbose_name='SIRET du vendeur')),
                ('sender_key', models.CharField(editable=False, max_length=160)),
                ('ht_cents', models.BigIntegerField(verbose_name='Montant hors taxes')),
                ('vat_cents', models.BigIntegerField(verbose_name='TVA')),
                ('ttc_cents', models.BigIntegerField(verbose_name='Montant TTC')),
                ('content', models.JSONField(default=dict)),
                ('differences', models.JSONField(blank=True, default=list)),
                ('state', models.CharField(choices=[('read', 'Lue, à rapprocher'), ('matched', 'Rapprochée'), ('refused', 'Refusée')], default='read', max_length=10)),
                ('reason', models.TextField(blank=True, verbose_name='Pourquoi')),
                ('received_at', models.DateTimeField(default=parvis.kit.clock.now, editable=False)),
                ('received_by', models.UUIDField(null=True)),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='pooling.paper')),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invoices', to='pooling.purchaseorder')),
            ],
            options={
                'ordering': ['-received_at'],
                'abstract': False,
                'base_manager_name': 'objects',
            },
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('framework', 'number'), name='one_order_per_number', violation_error_message='Un bon de commande porte déjà ce numéro. Recommencez.'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('released_cents__gte', 0), ('released_cents__lte', models.F('ht_cents'))), name='order_gives_back_what_it_took', violation_error_message='Une commande ne rend pas plus que ce qu’elle a pris sur le maximum.'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'cancelled']), models.Q(('answers_until__isnull', False), ('informed_at__isnull', False)), _connector='OR'), name='order_after_mutual_information', violation_error_message='Une commande s’émet après avoir informé le groupement.'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('reserves_lifted_on__isnull', True), models.Q(models.Q(('reserves', ''), _negated=True), models.Q(('put_right', ''), _negated=True)), _connector='OR'), name='only_reserves_are_lifted', violation_error_message='Dites ce qui a été corrigé\u202f: des réserves se lèvent par écrit.'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'informed', 'cancelled']), models.Q(('ht_cents__gt', 0), ('issued_at__isnull', False), models.Q(('number', ''), _negated=True)), _connector='OR'), name='issued_order_has_its_number', violation_error_message='Un bon de commande émis a un numéro, une date et un montant.'),
        ),
        migrations.AddConstraint(
            model_name='orderparty',
            constraint=models.UniqueConstraint(fields=('order', 'member'), name='one_part_per_member', violation_error_message='Cette collectivité partage déjà la commande.'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity_hundredths__gt', 0)), name='order_line_has_a_quantity', violation_error_message='Une ligne de commande a une quantité positive.'),
        ),
        migrations.AddConstraint(
            model_name='orderanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'comment'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='a_comment_says_something', violation_error_message='Écrivez votre remarque, ou répondez «\u202fVu\u202f».'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'refused'), _negated=True), fields=('authority_id', 'sender_key'), name='one_invoice_per_number_of_a_seller', violation_error_message='Cette facture est déjà enregistrée\u202f: le vendeur et le numéro sont connus.'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('ttc_cents', django.db.models.expressions.CombinedExpression(models.F('ht_cents'), '+', models.F('vat_cents')))), name='invoice_total_is_its_parts', violation_error_message='Le montant TTC n’est pas la somme du hors taxes et de la TVA.'),
        ),
        migrations.AddConstraint(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'matched'), _negated=True), ('order__isnull', False), _connector='OR'), name='matched_invoice_has_an_order', violation_error_message='Choisissez la commande que cette facture demande de payer.'),
        ),
    ]
