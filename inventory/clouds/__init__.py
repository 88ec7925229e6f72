"""How clouds are asked: whose credential, how patiently, every call counted and none undeclared."""
