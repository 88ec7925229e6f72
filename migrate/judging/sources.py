"""Where rules come from: the page or file, its version, and as of when it said so.

A page without a date of its own is dated by the day it was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, kw_only=True)
class Source:
    """One source that several rules rest on."""

    citation: str
    date: date


AZURE_ASSESSMENT: Final = Source(
    citation="Azure Migrate assessment calculation (page without date), "
    "learn.microsoft.com/azure/migrate/concepts-assessment-calculation",
    date=date(2026, 11, 22),
)
AZURE_REPLICATION: Final = Source(
    citation="Azure Migrate support matrix for physical server migration, MicrosoftDocs/azure-docs "
    "articles/migrate/migrate-support-matrix-physical-migration.md@024875e",
    date=date(2023, 2, 1),
)
AWS_REPLICATION: Final = Source(
    citation="AWS Application Migration Service installation requirements (page without date), "
    "docs.aws.amazon.com/mgn/latest/ug/installation-requirements.html",
    date=date(2026, 11, 22),
)
AWS_MIGRATION_FACTORY: Final = Source(
    citation="Cloud Migration Factory on AWS 4.5.1, aws-solutions/cloud-migration-factory-on-aws"
    "@51bbfb0 source/integrations/mgn/MGN-automation-scripts",
    date=date(2026, 11, 22),
)
AWS_INSTANCE_TYPES: Final = Source(
    citation="EC2 DescribeInstanceTypes as kept by getmoto/moto@0af643a5 "
    "moto/ec2/resources/instance_types.json, types for x86_64 offered in eu-west-2",
    date=date(2026, 8, 22),
)
FORKLIFT: Final = Source(
    citation="Forklift's VMware concerns, kubev2v/forklift@d42511b validation/policies",
    date=date(2026, 11, 22),
)
LIFECYCLE: Final = Source(
    citation="endoflife.date, endoflife-date/endoflife.date@a70eca33",
    date=date(2026, 8, 22),
)
AWS_AGENT: Final = Source(
    citation="AWS Transform MGN installation requirements (the page under its later name, without "
    "date), docs.aws.amazon.com/mgn/latest/ug/installation-requirements.html",
    date=date(2026, 11, 23),
)
AWS_IMPORT: Final = Source(
    citation="VM Import/Export limitations (page without date), "
    "docs.aws.amazon.com/vm-import/latest/userguide/limitations-image-importing.html",
    date=date(2026, 11, 23),
)
AWS_NITRO: Final = Source(
    citation="EC2 User Guide for Linux Instances, release notes of compute optimised instances "
    "(page without date), awsdocs/amazon-ec2-user-guide doc_source/compute-optimized-instances.md",
    date=date(2026, 11, 23),
)
AWS_VOLUMES: Final = Source(
    citation="Amazon EBS volume constraints (page without date), "
    "docs.aws.amazon.com/ebs/latest/userguide/volume_constraints.html",
    date=date(2026, 11, 23),
)
AZURE_SITE_RECOVERY: Final = Source(
    citation="Azure Site Recovery support matrix, whose limits Azure Migrate's agent shares, "
    "MicrosoftDocs/azure-docs articles/site-recovery/vmware-physical-azure-support-matrix.md"
    "@36f1051e",
    date=date(2023, 9, 28),
)
AZURE_PREPARATION: Final = Source(
    citation="Prepare on-premises machines for migration to Azure, MicrosoftDocs/azure-docs "
    "articles/migrate/prepare-for-migration.md@0176aeda",
    date=date(2020, 6, 8),
)
AZURE_LINUX: Final = Source(
    citation="Linux distributions that Azure does not endorse, MicrosoftDocs/azure-docs "
    "articles/virtual-machines/linux/create-upload-generic.md@007b1db3",
    date=date(2022, 5, 6),
)
AZURE_NETWORK: Final = Source(
    citation="Azure Virtual Network FAQ, MicrosoftDocs/azure-docs "
    "articles/virtual-network/virtual-networks-faq.md@004ec532",
    date=date(2019, 2, 12),
)
AZURE_AGENTLESS: Final = Source(
    citation="Azure Migrate support matrix for VMware migration, agentless, MicrosoftDocs/"
    "azure-docs articles/migrate/vmware/migrate-support-matrix-vmware-migration.md@06751d3",
    date=date(2024, 10, 16),
)
PLUGGED_IN: Final = Source(
    citation="Makers of devices by usb.ids 2025.07.26 (linux-usb.org/usb.ids) and pci.ids "
    "2025.06.09 (pci-ids.ucw.cz); that nobody plugs a device into a cloud is our own reasoning",
    date=date(2025, 7, 26),
)
ON_SITE: Final = Source(
    citation="Our own reasoning: what is wired to a building cannot be wired to a cloud",
    date=date(2026, 11, 23),
)
AWS_TAPE_GATEWAY: Final = Source(
    citation="Guidance for getting started with AWS Storage Tape Gateway (page without date), "
    "aws.amazon.com/solutions/guidance/getting-started-with-aws-storage-tape-gateway",
    date=date(2026, 11, 23),
)
AWS_NESTED: Final = Source(
    citation="Use nested virtualization to run hypervisors in Amazon EC2 instances (page without "
    "date), docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-ec2-nested-virtualization.html",
    date=date(2026, 11, 23),
)
RHEL_LEVELS: Final = Source(
    citation="CentOS Stream 9 kernel, merge request 3972 (RHEL 9 asks for x86-64-v2, RHEL 10 for "
    "x86-64-v3; page read without its date), gitlab.com/redhat/centos-stream/src/kernel/"
    "centos-stream-9",
    date=date(2026, 11, 23),
)
CLASSIFICATIONS: Final = Source(
    citation="Government Security Classifications, version 1.1, Cabinet Office, May 2018 (a later "
    "version exists and was not read), gov.uk/government/publications/"
    "government-security-classifications",
    date=date(2018, 5, 1),
)
PSN_CERTIFICATE: Final = Source(
    citation="Apply for a PSN connection compliance certificate (page without date), "
    "gov.uk/apply-for-a-public-services-network-psn-connection-compliance-certificate",
    date=date(2026, 11, 23),
)
ICO_TRANSFERS: Final = Source(
    citation="International transfers, Information Commissioner's Office, ico.org.uk/"
    "for-organisations/guide-to-the-general-data-protection-regulation-gdpr/"
    "international-transfers",
    date=date(2023, 10, 13),
)
PCI_ON_AWS: Final = Source(
    citation="AWS Security Reference Architecture for PCI DSS (page without date), "
    "docs.aws.amazon.com/prescriptive-guidance/latest/"
    "aws-security-reference-architecture-pci-data-security-standard-dss/introduction",
    date=date(2026, 11, 23),
)
OWN_REASONING: Final = Source(
    citation="Our own reasoning, from how it works",
    date=date(2026, 11, 23),
)
AWS_SEVEN_RS: Final = Source(
    citation="AWS Prescriptive Guidance, seven migration strategies (page without date), "
    "docs.aws.amazon.com/prescriptive-guidance/latest/large-migration-guide/"
    "migration-strategies.html",
    date=date(2026, 11, 22),
)
AZURE_BUSINESS_CASE: Final = Source(
    citation="Azure Migrate business case calculation, MicrosoftDocs/azure-docs articles/migrate/"
    "concepts-business-case-calculation.md@8d8838b",
    date=date(2023, 8, 1),
)
CYBER_ESSENTIALS: Final = Source(
    citation="Cyber Essentials: Requirements for IT infrastructure v3.2, NCSC (its contents read "
    "in a copy), cyberessentials.ncsc.gov.uk/requirements-for-it-infrastructure",
    date=date(2025, 4, 1),
)
OLD_TLS: Final = Source(
    citation="RFC 8996, Deprecating TLS 1.0 and TLS 1.1, rfc-editor.org/rfc/rfc8996",
    date=date(2021, 3, 1),
)
SMB_VERSIONS: Final = Source(
    citation="How to detect, enable and disable SMBv1, SMBv2 and SMBv3, MicrosoftDocs/"
    "windowsserverdocs storage/file-server/Troubleshoot/detect-enable-and-disable-smbv1-v2-v3.md; "
    "Samba's release notes for 4.11.0",
    date=date(2023, 5, 18),
)
OPENSSH: Final = Source(
    citation="sshd_config(5) and the release notes of OpenSSH 7.0, openssh.com/txt/release-7.0 "
    "(general knowledge, cross-checked with SUSE's README of 7.2)",
    date=date(2015, 8, 11),
)
SPECPOWER: Final = Source(
    citation="SPECpower_ssj2008 results published by SPEC, as kept by cloud-carbon-footprint/"
    "ccf-coefficients@b0032d92; how old is too old is our own measure",
    date=date(2026, 3, 9),
)
AWS_MICROSOFT_LICENCES: Final = Source(
    citation="Bring licenses for Windows and SQL Server workloads, AWS Prescriptive Guidance (page "
    "without date), docs.aws.amazon.com/prescriptive-guidance/latest/"
    "optimize-costs-microsoft-workloads/byol-ded-hosts.html",
    date=date(2026, 11, 23),
)
AZURE_HYBRID_WINDOWS: Final = Source(
    citation="Azure Hybrid Benefit for Windows Server, MicrosoftDocs/windowsserverdocs@e0b3d01 "
    "WindowsServerDocs/get-started/azure-hybrid-benefit.md",
    date=date(2025, 9, 3),
)
AZURE_HYBRID_SQL: Final = Source(
    citation="Azure Hybrid Benefit for Windows Server, SQL Server, and Linux subscriptions, "
    "MicrosoftDocs/azure-docs articles/azure-vmware/sql-server-hybrid-benefit.md",
    date=date(2023, 12, 19),
)
ORACLE_IN_CLOUDS: Final = Source(
    citation="Licensing Oracle Software in the Cloud Computing Environment, as SoftwareOne tells "
    "it, softwareone.com/en/blog/articles/2024/07/11/oracle-byol-rules-and-risks-in-the-cloud",
    date=date(2024, 7, 11),
)
RDS_SQL_SERVER: Final = Source(
    citation="RDS for SQL Server: features not supported and features with limited support (page "
    "without date), docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
    "SQLServer.Concepts.General.FeatureNonSupport.html",
    date=date(2026, 11, 23),
)
RDS_STORAGE: Final = Source(
    citation="RDS CreateDBInstance, AllocatedStorage, and Increasing DB instance storage capacity "
    "(pages without date), docs.aws.amazon.com/AmazonRDS/latest/UserGuide/"
    "USER_PIOPS.ModifyingExisting.html",
    date=date(2026, 11, 23),
)
AZURE_APP_SERVICE: Final = Source(
    citation="Azure App Service assessment calculation, MicrosoftDocs/azure-docs "
    "articles/migrate/concepts-azure-webapps-assessment-calculation.md@01ce8a0 (page without date)",
    date=date(2026, 11, 22),
)
BEANSTALK_IIS: Final = Source(
    citation="Migrating .NET applications to Elastic Beanstalk, prerequisites (page without date), "
    "docs.aws.amazon.com/elasticbeanstalk/latest/dg/dotnet-migrating-applications-prerequisites",
    date=date(2026, 11, 23),
)
VDDK: Final = Source(
    citation="vSphere Virtual Disk Development Kit 8.0, enable changed block tracking (page "
    "without date), docs.vmware.com/en/VMware-vSphere/8.0/vsphere-vddk-programming-guide/"
    "GUID-7B12E618-7851-4BD3-8E39-819454D8C016.html",
    date=date(2026, 11, 23),
)
