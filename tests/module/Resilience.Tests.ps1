#Requires -Version 7.6

# Predictions as people see and pipe them: with cmdlets that only a whole PowerShell has.

BeforeAll {
    Import-Module (Get-ChildItem "$PSScriptRoot/../../output/ChaosPS/*/ChaosPS.psd1").FullName -ErrorAction Stop
    $PSStyle.OutputRendering = 'PlainText'
}

Describe 'Zones and pools from the pipeline' {
    BeforeAll { New-ChaosSandbox contactsapp | Connect-ChaosCluster | Out-Null }

    It 'takes <_>' -ForEach 'Group-Object Zone', 'Select-Object Zone -Unique', 'Select-Object -ExpandProperty Zone' {
        $losses = & ([scriptblock]::Create("Get-ClusterNode | $_ | Measure-NodeLoss -Namespace contactsapp"))
        $losses.Loss.Name | Sort-Object -Unique | Should -Be 'westeurope-1', 'westeurope-2', 'westeurope-3'
        $losses.Loss.Kind | Sort-Object -Unique | Should -Be 'Zone'
    }
}

Describe 'The heat map of a large cluster' {
    BeforeAll {
        $manifests = Join-Path $TestDrive 'apps.yaml'
        1..60 | ForEach-Object {
            "apiVersion: apps/v1`nkind: Deployment`nmetadata: {name: application-with-a-name-that-is-rather-long-$_}`nspec:`n  replicas: $(1 + $_ % 3)`n" +
            "  selector: {matchLabels: {app: a$_}}`n  template: {metadata: {labels: {app: a$_}}, spec: {containers: [{name: c, image: i}]}}`n---"
        } | Set-Content $manifests
        New-ChaosSandbox -Path $manifests -Nodes 90 | Connect-ChaosCluster | Out-Null
        $script:summary = Measure-NodeLoss -Summary -RunCount 2
        $script:lines = $summary | Format-Custom -View HeatMap | Out-String -Width 120 -Stream
    }

    It 'has a row for each workload and fits into 120 columns' {
        $summary | Should -HaveCount 60
        $lines | Where-Object { $_ -match '^(default/|…)' } | Should -HaveCount 60
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 120
    }

    It 'is told by signs, with a legend, and not by colours alone' {
        $text = $lines -join "`n"
        $text | Should -Not -Match "`e"
        foreach ($sign in '. no pods there', '- survives', 'o down < 1 min', '# down longer', 'X down for good') { $text | Should -BeLike "*$sign*" }
        $lines | Where-Object { $_ -match '^(default/|…).*#' } | Should -Not -BeNullOrEmpty
        $lines | Where-Object { $_ -match '^(default/|…).*-[^a-z]*$' } | Should -Not -BeNullOrEmpty
    }

    It 'is one file that needs nothing else' {
        $file = Join-Path $TestDrive 'map.html'
        Measure-NodeLoss -RunCount 2 | Export-NodeLossReport $file
        $html = Get-Content $file -Raw
        $html | Should -Not -Match '(src|href)\s*=|url\(|@import|<script[^>]+src|https?://(?!www\.w3\.org/)'
        $html | Should -BeLike '*down longer*'
    }
}
