import os

from django.core.wsgi import get_wsgi_application

from parvis.kit import row_security
from parvis.site.edge import Edge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.site.settings")
django_application = get_wsgi_application()
row_security.require()
application = Edge(django_application)
