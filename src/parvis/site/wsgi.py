import os

from django.core.wsgi import get_wsgi_application

from parvis.site.edge import Edge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.site.settings")
application = Edge(get_wsgi_application())
