from django.urls import URLPattern, URLResolver

from parvis.procurement.web.award.urls import urlpatterns as award
from parvis.procurement.web.custody.urls import urlpatterns as custody
from parvis.procurement.web.deposit.urls import urlpatterns as deposit
from parvis.procurement.web.entry.urls import urlpatterns as entry
from parvis.procurement.web.opening.urls import urlpatterns as opening
from parvis.procurement.web.public.urls import urlpatterns as public

urlpatterns: list[URLPattern | URLResolver] = [*public, *deposit, *entry, *custody, *opening, *award]
