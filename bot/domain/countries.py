"""The country of an IANA zone, which is named by its city; the country decides the holidays."""

from collections.abc import Mapping

#: A country, and zones that lie in it alone: those that Salesforce offers, and what Slack adds.
_ZONES = """
US America/New_York America/Chicago America/Denver America/Phoenix America/Los_Angeles
US America/Anchorage America/Adak America/Boise America/Detroit America/Indiana/Indianapolis
US America/Indianapolis America/Juneau America/Kentucky/Louisville America/Louisville
US Pacific/Honolulu US/Eastern US/Central US/Mountain US/Pacific
PR America/Puerto_Rico
CA America/Toronto America/Vancouver America/Edmonton America/Halifax America/Montreal
CA America/Regina America/St_Johns America/Winnipeg
MX America/Mexico_City America/Cancun America/Monterrey America/Tijuana
AR America/Argentina/Buenos_Aires America/Buenos_Aires
BR America/Sao_Paulo America/Bahia America/Fortaleza America/Manaus America/Recife
CL America/Santiago
CO America/Bogota
CR America/Costa_Rica
EC America/Guayaquil
GT America/Guatemala
PA America/Panama
PE America/Lima
SV America/El_Salvador
UY America/Montevideo
VE America/Caracas
AT Europe/Vienna
BE Europe/Brussels
BG Europe/Sofia
BY Europe/Minsk
CH Europe/Zurich
CY Asia/Nicosia
CZ Europe/Prague
DE Europe/Berlin
DK Europe/Copenhagen
EE Europe/Tallinn
ES Europe/Madrid Atlantic/Canary
FI Europe/Helsinki
FR Europe/Paris
GB Europe/London
GR Europe/Athens
HR Europe/Zagreb
HU Europe/Budapest
IE Europe/Dublin
IS Atlantic/Reykjavik
IT Europe/Rome
LT Europe/Vilnius
LU Europe/Luxembourg
LV Europe/Riga
MT Europe/Malta
NL Europe/Amsterdam
NO Europe/Oslo
PL Europe/Warsaw
PT Europe/Lisbon Atlantic/Azores
RO Europe/Bucharest
RS Europe/Belgrade
RU Europe/Moscow Asia/Yekaterinburg
SE Europe/Stockholm
SI Europe/Ljubljana
SK Europe/Bratislava
TR Europe/Istanbul
UA Europe/Kyiv Europe/Kiev
DZ Africa/Algiers
EG Africa/Cairo
GH Africa/Accra
KE Africa/Nairobi
MA Africa/Casablanca
NG Africa/Lagos
TN Africa/Tunis
ZA Africa/Johannesburg
AE Asia/Dubai
AM Asia/Yerevan
AZ Asia/Baku
BD Asia/Dhaka
BH Asia/Bahrain
CN Asia/Shanghai
GE Asia/Tbilisi
HK Asia/Hong_Kong
ID Asia/Jakarta
IL Asia/Jerusalem
IN Asia/Kolkata Asia/Calcutta
JO Asia/Amman
JP Asia/Tokyo
KR Asia/Seoul
KW Asia/Kuwait
KZ Asia/Almaty
LK Asia/Colombo
MY Asia/Kuala_Lumpur
PH Asia/Manila
PK Asia/Karachi
QA Asia/Qatar
SA Asia/Riyadh
SG Asia/Singapore
TH Asia/Bangkok
TW Asia/Taipei
UZ Asia/Tashkent
VN Asia/Ho_Chi_Minh Asia/Saigon
AU Australia/Sydney Australia/Adelaide Australia/Brisbane Australia/Darwin Australia/Hobart
AU Australia/Melbourne Australia/Perth
FJ Pacific/Fiji
NZ Pacific/Auckland
"""

COUNTRY_BY_ZONE: Mapping[str, str] = {
    zone: country
    for country, *zones in (line.split() for line in _ZONES.strip().splitlines())
    for zone in zones
}
