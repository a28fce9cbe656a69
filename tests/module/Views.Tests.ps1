#Requires -Version 7.6

# What people see: the columns of each record's table, in a console of 120 columns.

BeforeAll {
    Import-Module (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName -ErrorAction Stop
    $PSStyle.OutputRendering = 'PlainText'
    New-ChaosSandbox contactsapp | Connect-ChaosCluster | Out-Null

    function Get-Header($InputObject) {
        $lines = $InputObject | Out-String -Width 120 -Stream | Where-Object { $_.Trim() }
        # The header is the line above the dashes: a group header may stand before it.
        $dashes = [array]::FindIndex([string[]] $lines, [Predicate[string]] { $args[0] -match '^-+( +-+)*\s*$' })
        -split $lines[$dashes - 1]
    }
}

Describe 'The tables' {
    It 'shows <Columns> for <Command>' -ForEach @(
        @{ Command = 'Get-ClusterNode'; Columns = 'Name', 'Status', 'Pool', 'Zone', 'Age', 'Version' }
        @{ Command = 'Get-ClusterPod -Namespace contactsapp'; Columns = 'Name', 'Ready', 'Status', 'Restarts', 'Age', 'Node' }
        @{ Command = 'Get-PodDistribution -Namespace contactsapp'; Columns = 'Name', 'Ready', 'Nodes', 'Zones', 'MostOnOne', 'SurvivesNodeLoss', 'WorstNode' }
        @{ Command = 'Test-AppHealth'; Columns = 'Name', 'Uri', 'StatusCode', 'Latency', 'Tolerance', 'Healthy', 'Reason' }
    ) {
        $header = Get-Header (& ([scriptblock]::Create($Command)))
        $header | Should -Be $Columns
    }

    It 'fits every table of <_> into 120 columns without cutting a name' -ForEach @(
        'Get-ClusterNode'
        'Get-ClusterPod -Namespace contactsapp'
        'Get-PodDistribution -Namespace contactsapp'
        'Test-AppHealth'
    ) {
        $text = & ([scriptblock]::Create($_)) | Out-String -Width 120
        $text | Should -Not -Match '…'
    }
}

Describe 'Wide tables and lists' {
    It 'shows the machines of nodes' {
        $lines = Get-ClusterNode *00a -PowerState | Format-Table -View wide | Out-String -Width 120 -Stream | Where-Object { $_ }
        -split $lines[0] | Select-Object -First 7 | Should -Be 'Name', 'Status', 'PowerState', 'InternalIP', 'ScaleSet', 'Id', 'InstanceType'
        -split $lines[2] | Select-Object -First 7 | Should -Be 'aks-nodepool1-36421985-vmss00000a', 'Ready', 'Running', '10.224.0.6', 'aks-nodepool1-36421985-vmss', '10', 'Standard_D4s_v3'
    }

    It 'shows the addresses of pods' {
        $pods = Get-ClusterPod search-deploy-* | Format-Table -View wide
        Get-Header $pods | Should -Be 'Name', 'Ready', 'Status', 'Restarts', 'Age', 'IP', 'Node'
    }

    It 'lists what people ask for of <Command>' -ForEach @(
        @{ Command = 'Get-ClusterNode *000000'; First = 'Name'; Last = 'ResourceId'; Count = 12 }
        @{ Command = '(Get-ClusterPod search-deploy-*)[0]'; First = 'Name'; Last = 'OwnerName'; Count = 10 }
        @{ Command = 'Get-PodDistribution search-deploy'; First = 'Name'; Last = 'WorstNode'; Count = 11 }
        @{ Command = '(Get-PodDistribution search-deploy).Workload'; First = 'Kind'; Last = 'AvailableReplicas'; Count = 7 }
        @{ Command = '(Test-AppHealth)[0]'; First = 'Name'; Last = 'At'; Count = 8 }
        @{ Command = 'Get-ChaosConnection'; First = 'Name'; Last = 'AzureCloud'; Count = 9 }
        @{ Command = 'New-ChaosSandbox contactsapp'; First = 'Name'; Last = 'SubscriptionId'; Count = 6 }
    ) {
        $names = & ([scriptblock]::Create($Command)) | Format-List | Out-String -Width 400 -Stream |
            ForEach-Object { if ($_ -match '^(\w+) +: ') { $Matches[1] } }
        $names | Should -HaveCount $Count
        $names[0] | Should -Be $First
        $names[-1] | Should -Be $Last
    }
}

Describe 'Colours' {
    AfterAll { $PSStyle.OutputRendering = 'PlainText' }

    It 'has what must be seen in red: <Red>, when the output is <Rendering>' -ForEach @(
        @{ Rendering = 'Ansi'; Red = $true }
        @{ Rendering = 'PlainText'; Red = $false }
        @{ Rendering = 'Host'; Red = $false } # Out-String is no host
    ) {
        $PSStyle.OutputRendering = $Rendering
        $text = Get-PodDistribution search-deploy | Out-String -Width 120
        $text | Should -BeLike '*False*'
        $text.Contains("`e[91mFalse`e[0m") | Should -Be $Red
    }
}
