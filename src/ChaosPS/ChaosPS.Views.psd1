@{
    ModuleVersion        = '0.1.0'
    Author               = 'the ChaosPS authors'
    Description          = 'The views of ChaosPS, which its first cmdlet brings into the session.'
    CompatiblePSEditions = @('Core')
    PowerShellVersion    = '7.6'
    FormatsToProcess     = @('ChaosPS.Format.ps1xml')
    TypesToProcess       = @('ChaosPS.Types.ps1xml')
    FunctionsToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
