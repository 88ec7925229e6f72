"""Small exports of RVTools: the titles are the tool's own, the estates are made up."""

from __future__ import annotations

from typing import Final

from inventory.model.importer import ImportExample

_VCENTER: Final = "vcenter.example,1f0c4d5e-0000-4000-8000-00000000c001"
_INFO: Final = f"""\
VM,Powerstate,Template,SRM Placeholder,DNS Name,Connection state,Guest state,PowerOn,\
Creation date,CPUs,Memory,NICs,Disks,Total disk capacity MiB,CBT,Primary IP Address,Network #1,\
Resource pool,Folder,FT State,Provisioned MiB,In Use MiB,EFI Secure boot,Firmware,HW version,Path,\
Annotation,Cost centre,Datacenter,Cluster,Host,OS according to the configuration file,\
OS according to the VMware Tools,Guest Detailed Data,VM ID,SMBIOS UUID,VM UUID,VI SDK Server,\
VI SDK UUID
web-1,poweredOn,False,False,web-1.example.org,connected,running,2026/01/16 21:16:00,\
2024/03/01 10:00:00,4,8192,1,2,112640,TRUE,192.0.2.10,app-net,/DC/C1/Resources,/DC/Web,\
notConfigured,112739,90112,True,efi,19,[ds1] web-1/web-1.vmx,"behind\nthe balancer",4711,DC,C1,\
esx-1.example,Debian GNU/Linux 11 (64-bit),Debian GNU/Linux 12 (64-bit),\
"architecture='X86' bitness='64' distroName='Debian GNU/Linux' distroVersion='12' \
familyName='Linux' kernelVersion='6.1.0-42-amd64' prettyName='Debian GNU/Linux 12 (bookworm)'",\
vm-1001,421f0000-1111-4222-8333-444455556666,501f0000-1111-4222-8333-444455556666,{_VCENTER}
old-1,poweredOff,False,False,,connected,notRunning,,1969/12/31 22:00:00,1,-1,1,1,,,,app-net,\
/DC/C1/Resources,/DC/Old,notConfigured,,,False,bios,8,[ds1] old-1/old-1.vmx,,,DC,C1,esx-1.example,\
Microsoft Windows Server 2008 R2 (64-bit),,,vm-1002,421f0000-1111-4222-8333-444455557777,\
501f0000-1111-4222-8333-444455557777,{_VCENTER}
golden,poweredOff,True,False,,connected,notRunning,,,2,4096,1,1,,,,app-net,,,notConfigured,,,\
False,efi,19,,,,DC,C1,esx-1.example,Debian GNU/Linux 12 (64-bit),,,vm-1003,,\
501f0000-1111-4222-8333-444455558888,{_VCENTER}
vCLS-0a1b2c3d-0000-4000-8000-000000000001,poweredOn,False,False,,connected,running,,,1,128,0,1,,\
,,,,,notConfigured,,,False,efi,14,,,,DC,C1,esx-1.example,Other 3.x Linux (64-bit),,,vm-1004,,\
501f0000-1111-4222-8333-444455559999,{_VCENTER}
bad-1,half on,False,False,,connected,running,,,four,2048,0,0,,,,,,,notConfigured,,,False,efi,19,,,,\
DC,C1,esx-1.example,,,,vm-1005,,501f0000-1111-4222-8333-44445555aaaa,{_VCENTER}
""".encode()
_OF_WEB_1: Final = f"vm-1001,501f0000-1111-4222-8333-444455556666,{_VCENTER}"
_MEMORY: Final = f"""\
VM,Powerstate,Template,SRM Placeholder,Size MiB,Ballooned,Reservation,Limit,VM ID,VM UUID,\
VI SDK Server,VI SDK UUID
web-1,poweredOn,False,False,16384,0,1024,-1,{_OF_WEB_1}
""".encode()
_DISK: Final = f"""\
VM,Powerstate,Template,SRM Placeholder,Disk,Disk Key,Capacity MiB,Raw,Disk Mode,Sharing mode,Thin,\
Controller,Shared Bus,Path,VM ID,VM UUID,VI SDK Server,VI SDK UUID
web-1,poweredOn,False,False,Hard disk 1,2000,10240,False,persistent,sharingNone,True,\
VMware paravirtual SCSI,noSharing,[ds1] web-1/web-1.vmdk,{_OF_WEB_1}
web-1,poweredOn,False,False,Hard disk 2,2001,102400,True,independent_persistent,sharingNone,False,\
VMware paravirtual SCSI,physicalSharing,[ds1] web-1/web-1_1.vmdk,{_OF_WEB_1}
""".encode()
_NETWORK: Final = f"""\
VM,Powerstate,Template,SRM Placeholder,NIC label,Adapter,Network,Switch,Connected,\
Starts Connected,Mac Address,Type,IPv4 Address,IPv6 Address,Direct Path IO,VM ID,VM UUID,\
VI SDK Server,VI SDK UUID
web-1,poweredOn,False,False,Network adapter 1,Vmxnet3,app-net,dvs-1,True,True,00:50:56:AA:BB:01,\
assigned,"192.0.2.10, 169.254.42.229",fe80::250:56ff:feaa:bb01,True,{_OF_WEB_1}
gone-1,poweredOff,False,False,Network adapter 1,E1000,app-net,dvs-1,True,True,00:50:56:AA:BB:02,\
assigned,,,False,vm-900,501f0000-1111-4222-8333-44445555bbbb,{_VCENTER}
""".encode()
_DV_PORT: Final = f"""\
Port,Switch,Type,# Ports,VLAN,VI SDK Server,VI SDK UUID
app-net,dvs-1,earlyBinding,8,2106,{_VCENTER}
""".encode()
_SNAPSHOT: Final = f"""\
VM,Powerstate,Name,Description,Date / time,Filename,Size MiB (vmsn),Size MiB (total),Quiesced,\
State,VM ID,VM UUID,VI SDK Server,VI SDK UUID
web-1,poweredOn,before update,,2026/02/01 08:00:00,,0,512,False,poweredOn,{_OF_WEB_1}
""".encode()
_OLD: Final = b"""\
VM,Powerstate,Template,Config status,DNS Name,Connection state,Guest state,PowerOn,CPUs,Memory,\
NICs,Disks,Network #1,Provisioned MB,In Use MB,Firmware,HW version,Path,Annotation,NB_LAST_BACKUP,\
Datacenter,Cluster,Host,OS according to the configuration file,OS according to the VMware Tools,\
VM ID,VM UUID,VI SDK Server
app-1,poweredOn,False,green,app-1.example.org,connected,running,2017/11/28 16:14:28,2,"16,384",1,2,\
app-net,"206,057","189,440",bios,8,[ds1] app-1/app-1.vmx,,"Sat Jan 20 05:26:53 2018\n,bk-1",DC,C1,\
esx-1.example,Red Hat Enterprise Linux 6 (64-bit),Red Hat Enterprise Linux 6 (64-bit),vm-98720,\
422e0000-22c1-46c1-8de8-eceec50f94bc,vcenter.example
59,poweredOff,False,green,,connected,notRunning,,2,"4,096",1,1,app-net,"65,744","65,744",bios,9,\
[ds1] 59/59.vmx,,,DC,C1,esx-1.example,SUSE Linux Enterprise 11 (64-bit),,vm-98718,\
422e0001-22c1-46c1-8de8-eceec50f94bc,vcenter.example
"""
_INNER: Final = """\
vInfoVMName;vInfoPowerstate;vInfoTemplate;vInfoSRMPlaceHolder;vInfoGuestHostName;vInfoCPUs;\
vInfoMemory;vInfoPrimaryIPAddress;vInfoProvisioned;vInfoInUse;vInfo_tags_Team;vInfoDataCenter;\
vInfoCluster;vInfoHost;vInfoOS;vInfoOSTools;vInfoObjectID;vInfoUUID;vInfoVISDKServer
db-1;poweredOn;Falsch;Falsch;db-1;8;32.768;192.0.2.20;1.048.576;524.288;Daten;DC;C1;esx-2.example;\
Oracle Linux 8 (64-Bit);Oracle Linux 8 (64-Bit);vm-7;423a0000-22c1-46c1-8de8-eceec50f94bc;\
vcenter.example
copy-1;poweredOff;Falsch;Wahr;;2;4.096;;;;;DC;C1;esx-2.example;;;vm-8;;vcenter.example
""".encode("cp1252")

EXAMPLES: Final = (
    ImportExample(
        tool="RVTools 4.7 (format as documented)",
        files=(
            ("RVTools_tabvInfo.csv", _INFO),
            ("RVTools_tabvMemory.csv", _MEMORY),
            ("RVTools_tabvDisk.csv", _DISK),
            ("RVTools_tabvNetwork.csv", _NETWORK),
            ("RVTools_tabdvPort.csv", _DV_PORT),
            ("RVTools_tabvSnapshot.csv", _SNAPSHOT),
        ),
        servers=("web-1", "old-1", "bad-1"),
        left_out=3,
        unread=2,
    ),
    ImportExample(
        tool="RVTools 3.10, sizes in MB (format as documented)",
        files=(("RVTools_tabvInfo.csv", _OLD),),
        servers=("app-1", "59"),
    ),
    ImportExample(
        tool="RVTools 4.4 on a German Windows, inner names (format as documented)",
        files=(("RVTools_tabvInfo.csv", _INNER),),
        servers=("db-1",),
        left_out=1,
    ),
)
