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
        @{ Command = 'Get-PodDistribution -Namespace contactsapp'; Columns = 'Name', 'Replicas', 'Ready', 'Nodes', 'Zones', 'MostOnOne', 'SurvivesNodeLoss', 'WorstNode' }
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
